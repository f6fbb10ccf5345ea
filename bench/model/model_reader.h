#pragma once

// A model file that is being read. Every question names the file in its error, a DataError.

#include <cstdint>
#include <filesystem>
#include <string>
#include <variant>
#include <vector>

#include "dataset/store/dataset_file.h"
#include "learn/models/model.h"

namespace noether::bench {

class ModelReader {
 public:
  // Throws where the file is missing, damaged, no model file, or of a later version.
  explicit ModelReader(const std::filesystem::path& path);

  bool is_first_version() const { return is_first_version_; }

  template <class T>
  T attribute(const std::string& name) const {
    const auto value = file_.attribute("", name);
    if (value && std::holds_alternative<T>(*value)) return std::get<T>(*value);
    fail("is no whole model file: the attribute '" + name + "' is missing or of another type");
  }

  // The same of what files have had since version 2: before, there was only `before`.
  template <class T>
  T attribute_since_2(const std::string& name, const T& before) const {
    return is_first_version_ ? before : attribute<T>(name);
  }

  bool has(const std::string& name) const { return file_.attribute("", name).has_value(); }
  std::vector<std::int64_t> list(const std::string& array) const;
  // All that the file says of the model, whatever the model.
  learn::Configuration configuration() const;
  std::string text(const std::string& array) const;
  learn::Params params(const std::string& group, const std::vector<std::string>& names) const;
  // Throws "'FILE' what".
  [[noreturn]] void fail(const std::string& what) const;

 private:
  void add_attribute(const std::string& name, const std::string& key,
                     learn::Configuration& all) const;
  void require(const std::string& array) const;
  template <class T>
  learn::Tensor tensor_of(const std::string& array, const learn::Shape& shape) const;
  learn::Tensor tensor(const std::string& array) const;

  dataset::H5File file_;
  bool is_first_version_ = false;
};

}  // namespace noether::bench
