#include "render/plots/ticks.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace noether::render {
namespace {

// "-0.5" with a typographic minus sign.
std::string with_minus_sign(const std::string& number) {
  return number[0] == '-' ? "\u2212" + number.substr(1) : number;
}

std::string superscript(int exponent) {
  constexpr std::array<const char*, 10> digits{"\u2070", "\u00b9", "\u00b2", "\u00b3", "\u2074",
                                               "\u2075", "\u2076", "\u2077", "\u2078", "\u2079"};
  std::string text = exponent < 0 ? "\u207b" : "";
  for (const char digit : std::to_string(std::abs(exponent))) {
    text += digits[static_cast<std::size_t>(digit - '0')];
  }
  return text;
}

}  // namespace

Range range_of(std::span<const double> values, double margin) {
  double low = std::numeric_limits<double>::infinity();
  double high = -low;
  for (const double v : values) {
    if (!std::isfinite(v)) continue;
    low = std::min(low, v);
    high = std::max(high, v);
  }
  if (low > high) return {-1, 1};
  const double size = std::max(std::abs(low), std::abs(high));
  // rounding noise about a constant is no shape worth magnifying
  if (high - low <= 1e-9 * size) {
    const double around = size > 0 ? 0.1 * size : 1;
    return {low - around, high + around};
  }
  const double extra = margin * (high - low);
  return {low - extra, high + extra};
}

Range decades_of(std::span<const double> values) {
  double low = std::numeric_limits<double>::infinity();
  double high = 0;
  for (const double v : values) {
    if (!std::isfinite(v) || v <= 0) continue;
    low = std::min(low, v);
    high = std::max(high, v);
  }
  if (high == 0) return {1e-17, 1e-15};
  const double bottom = std::floor(std::log10(low));
  return {std::pow(10, bottom), std::pow(10, std::max(std::ceil(std::log10(high)), bottom + 2))};
}

std::vector<Tick> nice_ticks(const Range& range, int count) {
  const double raw = (range.high - range.low) / std::max(count, 1);
  const double power = std::pow(10, std::floor(std::log10(raw)));
  const double mantissa = raw / power;
  const double step = power * (mantissa < 1.5 ? 1 : mantissa < 3.5 ? 2 : mantissa < 7.5 ? 5 : 10);
  const int decimals = std::max(0, static_cast<int>(-std::floor(std::log10(step) + 1e-9)));
  const bool scientific = decimals > 4 || step >= 1e5;
  std::vector<Tick> ticks;
  for (double k = std::ceil(range.low / step - 1e-9); k * step <= range.high + 1e-9 * step; ++k) {
    const double value = k == 0 ? 0 : k * step;
    ticks.push_back({value, with_minus_sign(scientific ? fmt::format("{:.3g}", value)
                                                       : fmt::format("{:.{}f}", value, decimals))});
  }
  return ticks;
}

std::vector<Tick> log_ticks(const Range& range, int count) {
  const int first = static_cast<int>(std::ceil(std::log10(range.low) - 1e-9));
  const int last = static_cast<int>(std::floor(std::log10(range.high) + 1e-9));
  const int step = std::max(1, (last - first + count - 1) / std::max(count, 1));
  std::vector<Tick> ticks;
  for (int e = first; e <= last; e += step)
    ticks.push_back({std::pow(10, e), "10" + superscript(e)});
  return ticks;
}

}  // namespace noether::render
