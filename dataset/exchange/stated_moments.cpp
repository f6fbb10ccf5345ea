#include "dataset/exchange/stated_moments.h"

#include <algorithm>
#include <cmath>
#include <variant>

namespace noether::dataset {
namespace {

std::vector<double> numbers(const AttributeValue& value) {
  if (const auto* list = std::get_if<std::vector<double>>(&value)) return *list;
  if (const auto* number = std::get_if<double>(&value)) return {*number};
  return {};
}

}  // namespace

StatedMoments::StatedMoments(const H5File& file, const std::string& path, const H5Array& array) {
  for (const char* name : {"mean", "std"}) {
    if (const auto value = file.attribute(path, name)) stated_.push_back({name, *value});
  }
  if (stated_.empty() || array.shape.empty()) return;
  const bool of_parts = std::holds_alternative<std::vector<double>>(stated_.front().value);
  found_.emplace(Array{.path = path,
                       .type = *array.type,
                       .shape = array.shape,
                       .attributes = {},
                       .axes = {of_parts ? "coordinate" : "time"}});
}

void StatedMoments::add(const Bytes& rows) {
  if (found_) found_->add(rows);
}

std::vector<std::string> StatedMoments::wrong() const {
  if (!found_) return {};
  const auto found = found_->attributes();
  std::vector<double> scale(found.empty() ? 0 : numbers(found.front().value).size(), 0);
  for (const Attribute& own : found) {
    const auto values = numbers(own.value);
    for (std::size_t k = 0; k < scale.size(); ++k) scale[k] += std::abs(values[k]);
  }
  std::vector<std::string> names;
  for (const Attribute& stated : stated_) {
    const auto own = std::ranges::find(found, stated.name, &Attribute::name);
    const auto expected = own == found.end() ? std::vector<double>{} : numbers(own->value);
    const auto given = numbers(stated.value);
    bool agrees = given.size() == expected.size() && !given.empty();
    // other blocks of rows give other last digits
    for (std::size_t k = 0; agrees && k < given.size(); ++k)
      agrees = std::abs(given[k] - expected[k]) <= 1e-9 * scale[k];
    if (!agrees) names.push_back(stated.name);
  }
  return names;
}

}  // namespace noether::dataset
