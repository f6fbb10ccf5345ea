#include "learn/formula/unit.h"

#include <fmt/format.h>

#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <numeric>
#include <utility>

#include "base/error.h"

namespace noether::learn::symbolic {

namespace {

constexpr std::int64_t largest_denominator = 100;

constexpr std::array<std::pair<std::string_view, std::string_view>, 4> derived_units{
    {{"J", "kg m^2/s^2"}, {"N", "kg m/s^2"}, {"Hz", "1/s"}, {"W", "kg m^2/s^3"}}};

Rational reduced(std::int64_t numerator, std::int64_t denominator) {
  const std::int64_t common = std::gcd(numerator, denominator);
  const Rational result{numerator / common, denominator / common};
  constexpr std::int64_t largest = 1'000'000;  // whose products do not overflow
  if (std::abs(result.numerator) > largest || result.denominator > largest) {
    throw base::UsageError(fmt::format("the power of a unit is beyond {}", largest));
  }
  return result;
}

Rational sum(Rational a, Rational b) {
  return reduced(a.numerator * b.denominator + b.numerator * a.denominator,
                 a.denominator * b.denominator);
}

// The fraction that `value` is to a few roundings.
std::optional<Rational> fraction(double value) {
  if (!(std::abs(value) <= 1000)) return {};
  for (std::int64_t d = 1; d <= largest_denominator; ++d) {
    const double scaled = value * static_cast<double>(d);
    if (std::abs(scaled - std::round(scaled)) > 1e-12) continue;
    return Rational{std::llround(scaled), d};
  }
  return {};
}

Unit raised(const Unit& unit, Rational exponent) {
  Unit result;
  for (const auto& [symbol, p] : unit.powers) {
    const Rational raised_power =
        reduced(p.numerator * exponent.numerator, p.denominator * exponent.denominator);
    if (raised_power.numerator != 0) result.powers[symbol] = raised_power;
  }
  return result;
}

bool is_symbol(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return std::isalpha(byte) != 0 || c == '_' || c == '%' || byte >= 0x80;  // as in µ
}

class UnitParser {
 public:
  explicit UnitParser(std::string_view text) : text_(text) {}

  Unit whole() {
    Unit result = factor();
    while (skip_space(), at_ < text_.size()) {
      const bool divides = accept('/');
      if (!divides) accept('*');
      const Unit next = factor();
      result = result * (divides ? raised(next, {-1, 1}) : next);
    }
    return result;
  }

 private:
  Unit factor() {
    skip_space();
    const std::size_t begin = at_;
    while (at_ < text_.size() && is_symbol(text_[at_])) ++at_;
    const std::string symbol(text_.substr(begin, at_ - begin));
    if (symbol.empty() && !accept('1')) fail("a symbol such as m, or 1, was expected");
    const Unit unit = symbol.empty() ? Unit{} : named(symbol);
    return accept('^') ? raised(unit, exponent()) : unit;
  }

  static Unit named(const std::string& symbol) {
    for (const auto& [name, definition] : derived_units) {
      if (name == symbol) return UnitParser(definition).whole();
    }
    return {.powers = {{symbol, {1, 1}}}};
  }

  // 2, -1, 0.5 or (1/3)
  Rational exponent() {
    const bool bracket = accept('(');
    double value = number();
    if (bracket && accept('/')) value /= number();
    if (bracket && !accept(')')) fail("a ')' was expected");
    const auto exact = fraction(value);
    if (!exact) fail("an exponent is a fraction with a denominator up to 100");
    return *exact;
  }

  double number() {
    skip_space();
    double value = 0;
    const char* begin = text_.data() + at_;
    const auto [stop, error] =
        std::from_chars(begin, text_.data() + text_.size(), value, std::chars_format::fixed);
    if (error != std::errc() || !std::isfinite(value)) fail("an exponent was expected");
    at_ += static_cast<std::size_t>(stop - begin);
    return value;
  }

  bool accept(char c) {
    skip_space();
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  void skip_space() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }

  [[noreturn]] void fail(std::string_view why) const {
    throw base::UsageError(
        fmt::format("unit '{}', position {}: {} (as in kg m^2/s^2)", text_, at_ + 1, why));
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

std::string power_text(const std::string& symbol, Rational p) {
  if (p == Rational{1, 1}) return symbol;
  if (p.denominator == 1) return fmt::format("{}^{}", symbol, p.numerator);
  if (10 % p.denominator != 0) return fmt::format("{}^({}/{})", symbol, p.numerator, p.denominator);
  return fmt::format("{}^{}", symbol,
                     static_cast<double>(p.numerator) / static_cast<double>(p.denominator));
}

}  // namespace

std::optional<Unit> parse_unit(std::string_view text) {
  if (text.empty()) return {};
  return UnitParser(text).whole();
}

std::string to_string(const Unit& unit) {
  std::string above, below;
  for (const auto& [symbol, p] : unit.powers) {
    if (p.numerator > 0) {
      if (!above.empty()) above += ' ';
      above += power_text(symbol, p);
    } else {
      below += '/';
      below += power_text(symbol, {-p.numerator, p.denominator});
    }
  }
  return (above.empty() ? "1" : above) + below;
}

Unit operator*(const Unit& a, const Unit& b) {
  Unit result = a;
  for (const auto& [symbol, p] : b.powers) {
    const Rational total = sum(result.powers[symbol], p);
    result.powers[symbol] = total;
    if (total.numerator == 0) result.powers.erase(symbol);
  }
  return result;
}

Unit power(const Unit& unit, double exponent) {
  const auto exact = fraction(exponent);
  if (unit.powers.empty()) return unit;
  if (exact) return raised(unit, *exact);
  throw base::UsageError(
      fmt::format("{} to the power {} has no unit: expected a fraction with a denominator up to {}",
                  to_string(unit), exponent, largest_denominator));
}

}  // namespace noether::learn::symbolic
