#pragma once

// A dataset file as a Layout in memory, to be changed in one place and written again with all its
// checksums and its seal made anew: damage that only a look at the content can find.

#include <algorithm>
#include <filesystem>
#include <set>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

#include "dataset/store/dataset_file.h"
#include "dataset/store/layout.h"
#include "dataset/store/writer.h"

namespace noether::test {

inline std::vector<dataset::Attribute> read_attributes(const dataset::H5File& file,
                                                       const std::string& object) {
  // what the writer adds itself
  const std::set<std::string> made{"mean", "std", "sha256", "content_sha256", "complete",        "CLASS",
                                   "NAME",   "DIMENSION_LIST", "DIMENSION_LABELS"};
  std::vector<dataset::Attribute> attributes;
  for (const auto& name : file.attribute_names(object)) {
    const auto value = file.attribute(object, name).value();
    if (made.contains(name) || std::holds_alternative<std::monostate>(value)) continue;
    attributes.push_back({name, value});
  }
  return attributes;
}

// Everything that the file holds, arrays uncompressed and held whole.
inline dataset::Layout read_layout(const dataset::H5File& file) {
  dataset::Layout layout{.attributes = read_attributes(file, ""), .arrays = {}};
  for (const auto& name : file.array_paths()) {
    const auto form = file.describe(name);
    dataset::Array array{.path = name,
                         .type = form.type.value(),
                         .shape = form.shape,
                         .attributes = read_attributes(file, name)};
    if (array.type == dataset::ElementType::text) {
      array.text = file.read_text(name);
    } else {
      array.content = file.read_rows(name, 0, form.shape.empty() ? 1 : form.shape[0]);
    }
    layout.arrays.push_back(std::move(array));
  }
  return layout;
}

inline dataset::Layout read_layout(const std::filesystem::path& path) {
  return read_layout(dataset::open_h5(path));
}

inline dataset::Array& array_of(dataset::Layout& layout, const std::string& path) {
  const auto found = std::ranges::find(layout.arrays, path, &dataset::Array::path);
  if (found == layout.arrays.end()) throw std::out_of_range("no array " + path);
  return *found;
}

inline dataset::AttributeValue& attribute_of(dataset::Layout& layout, const std::string& name) {
  const auto found = std::ranges::find(layout.attributes, name, &dataset::Attribute::name);
  if (found == layout.attributes.end()) throw std::out_of_range("no attribute " + name);
  return found->value;
}

// Element `i` of the array becomes `value`.
template <class T>
void set_element(dataset::Array& array, std::size_t i, T value) {
  const auto raw = std::as_bytes(std::span(&value, 1));
  std::ranges::copy(raw, array.content.begin() + static_cast<std::ptrdiff_t>(i * sizeof value));
}

// Writes `from` to `to` as `change` leaves it.
template <class Change>
void rewrite(const std::filesystem::path& from, const std::filesystem::path& to, Change change) {
  dataset::Layout layout = read_layout(from);
  change(layout);
  dataset::write_dataset(layout, to);
}

}  // namespace noether::test
