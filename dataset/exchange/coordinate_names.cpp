#include "dataset/exchange/coordinate_names.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string_view>

#include "base/error.h"

namespace noether::dataset {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool is_word(std::string_view name) {
  return !name.empty() && is_letter(name[0]) &&
         std::ranges::all_of(name, [](char c) { return is_letter(c) || is_digit(c) || c == '_'; });
}

bool is_taken(std::string_view name) {
  static const std::set<std::string_view> functions{"sin", "cos", "sqrt", "exp", "log"};
  const bool is_constant =
      name.size() > 1 && name[0] == 'c' && std::ranges::all_of(name.substr(1), is_digit);
  return functions.contains(name) || is_constant;
}

}  // namespace

void check_coordinate_names(const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    if (!is_word(name)) {
      throw base::DataError(
          fmt::format("the coordinate '{:.40}' cannot stand in a formula: a name has letters, "
                      "digits and _, and begins with a letter",
                      name));
    }
    if (is_taken(name)) {
      throw base::DataError(
          fmt::format("the coordinate '{}' has the name of a function or constant of formulas: "
                      "give it another name",
                      name));
    }
    if (std::ranges::count(names, name) > 1)
      throw base::DataError(fmt::format("two coordinates have the name '{}'", name));
  }
}

}  // namespace noether::dataset
