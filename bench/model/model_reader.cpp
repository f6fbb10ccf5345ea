#include "bench/model/model_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>

#include "base/error.h"
#include "bench/model/checkpoint.h"

namespace noether::bench {

using learn::Tensor;

ModelReader::ModelReader(const std::filesystem::path& path) : file_(dataset::open_h5(path)) {
  const std::string schema = file_.text_attribute("", "schema");
  if (schema != model_schema) {
    fail(schema.empty()
             ? "is no model file of this program"
             : fmt::format("is no model file: its schema is '{}' where '{}' was expected", schema,
                           model_schema));
  }
  const std::string version = file_.text_attribute("", "schema_version");
  is_first_version_ = version == "1.0.0";
  if (is_first_version_ || version == model_schema_version) return;
  fail(
      fmt::format("is a model file of version '{}', and this program reads 1.0.0 and {}: use the "
                  "program that wrote it ({}), or train the model again",
                  version, model_schema_version, file_.text_attribute("", "git_describe")));
}

std::vector<std::int64_t> ModelReader::list(const std::string& array) const {
  require(array);
  return dataset::read_array<std::int64_t>(file_, array);
}

learn::Configuration ModelReader::configuration() const {
  learn::Configuration all;
  for (const std::string& array : file_.array_paths()) {
    if (array.starts_with(configuration_group))
      all.emplace_back(array.substr(configuration_group.size()), list(array));
  }
  for (const std::string& name : file_.attribute_names("")) {
    if (name.starts_with(configuration_prefix))
      add_attribute(name, name.substr(configuration_prefix.size()), all);
  }
  if (is_first_version_) all.emplace_back("output_bias", attribute<bool>("output_bias"));
  return all;
}

std::string ModelReader::text(const std::string& array) const {
  require(array);
  return file_.read_text(array).at(0);
}

learn::Params ModelReader::params(const std::string& group,
                                  const std::vector<std::string>& names) const {
  learn::Params params;
  for (const std::string& name : names) params.add(name, tensor(group + name));
  return params;
}

void ModelReader::fail(const std::string& what) const {
  throw base::DataError(fmt::format("'{}' {}", file_.path().string(), what));
}

void ModelReader::add_attribute(const std::string& name, const std::string& key,
                                learn::Configuration& all) const {
  const auto value = file_.attribute("", name).value();
  std::visit(
      [&]<class T>(const T& typed) {
        if constexpr (std::is_constructible_v<learn::ConfigurationValue, T> &&
                      !std::is_same_v<T, std::int8_t> && !std::is_same_v<T, std::uint64_t>) {
          all.emplace_back(key, typed);
        }
      },
      value);
}

void ModelReader::require(const std::string& array) const {
  if (!file_.contains(array))
    fail(fmt::format("is no whole model file: the array '{}' is missing", array));
}

template <class T>
Tensor ModelReader::tensor_of(const std::string& array, const learn::Shape& shape) const {
  const auto values = dataset::read_array<T>(file_, array);
  if (!std::ranges::all_of(values, [](T v) { return std::isfinite(v); }))
    fail(fmt::format("holds a number that is not finite in '{}'", array));
  return Tensor::from<T>(values, shape);
}

Tensor ModelReader::tensor(const std::string& array) const {
  require(array);
  const auto form = file_.describe(array);
  if (form.shape.size() > learn::Shape::max_rank)
    fail(fmt::format("has '{}' of rank {}", array, form.shape.size()));
  const learn::Shape shape{std::span(form.shape)};
  return form.type == dataset::ElementType::f4 ? tensor_of<float>(array, shape)
                                               : tensor_of<double>(array, shape);
}

}  // namespace noether::bench
