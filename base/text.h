#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace noether::base {

// The shortest decimal form that reads back as the same double, always with a point or an exponent
// ("3.0", "0.1", "1e-12").
std::string format_double(double value);

// The whole of `text` as a number; throws UsageError "NAME: 'text' is not a number", or "is out of
// range" where the type cannot hold it.
double parse_double(std::string_view text, std::string_view name);
std::int64_t parse_integer(std::string_view text, std::string_view name);
std::uint64_t parse_unsigned(std::string_view text, std::string_view name);

// "a,b" -> {"a", "b"}; a comma at the end adds nothing, nor does an empty text.
std::vector<std::string> split_commas(std::string_view text);

// "a, b and c"
std::string join(std::span<const std::string> words);

// "unknown KIND 'name'; did you mean 'nearest'? (known: a, b and c)" for an error message.
std::string unknown_name(std::string_view kind, std::string_view name,
                         std::span<const std::string> known);

// A number of bytes for people: "1.5 MiB".
std::string format_bytes(double bytes);

}  // namespace noether::base
