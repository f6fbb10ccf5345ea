#include "base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <numeric>
#include <utility>

#include "base/error.h"

namespace noether::base {
namespace {

template <class Number>
Number parse(std::string_view text, std::string_view name, const char* what) {
  Number value{};
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error == std::errc::result_out_of_range && stop == end) {
    throw UsageError(fmt::format("{}: '{}' is out of range", name, text));
  }
  if (text.empty() || error != std::errc{} || stop != end) {
    throw UsageError(fmt::format("{}: '{}' is not {}", name, text, what));
  }
  return value;
}

// the number of insertions, deletions and substitutions between two words (Levenshtein)
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, substituted}));
    }
  }
  return row.back();
}

}  // namespace

std::string format_double(double value) {
  std::string text = fmt::format("{}", value);
  const bool plain_integer = text.find_first_of(".en") == std::string::npos;
  return plain_integer ? text + ".0" : text;
}

double parse_double(std::string_view text, std::string_view name) {
  return parse<double>(text, name, "a number");
}
std::int64_t parse_integer(std::string_view text, std::string_view name) {
  return parse<std::int64_t>(text, name, "a whole number");
}
std::uint64_t parse_unsigned(std::string_view text, std::string_view name) {
  return parse<std::uint64_t>(text, name, "a whole number of at least 0");
}

std::vector<std::string> split_commas(std::string_view text) {
  std::vector<std::string> words;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find(',', start), text.size());
    words.emplace_back(text.substr(start, end - start));
    start = end + 1;
  }
  return words;
}

std::string join(std::span<const std::string> words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    text += (i == 0 ? "" : i + 1 == words.size() ? " and " : ", ") + words[i];
  }
  return text;
}

std::string unknown_name(std::string_view kind, std::string_view name,
                         std::span<const std::string> known) {
  std::string message = fmt::format("unknown {} '{}'", kind, name);
  const auto nearest = std::ranges::min_element(
      known, {}, [&](const std::string& candidate) { return edit_distance(name, candidate); });
  const bool is_near =
      nearest != known.end() && edit_distance(name, *nearest) <= 1 + name.size() / 3;
  if (is_near) message += fmt::format("; did you mean '{}'?", *nearest);
  return message + fmt::format(" (known: {})", join(known));
}

std::string format_bytes(double bytes) {
  const char* const units[] = {"bytes", "KiB", "MiB", "GiB", "TiB"};
  std::size_t unit = 0;
  while (bytes >= 1024 && unit + 1 < std::size(units)) {
    bytes /= 1024;
    ++unit;
  }
  return unit == 0 ? fmt::format("{:.0f} {}", bytes, units[unit])
                   : fmt::format("{:.1f} {}", bytes, units[unit]);
}

}  // namespace noether::base
