#include <fmt/format.h>

#include <variant>

#include "dataset/store/h5.h"
#include "dataset/store/h5_handle.h"

namespace noether::dataset {
namespace {

using h5::Handle;

Handle open_object(hid_t file, const std::string& path, const std::string& object) {
  return h5::own(H5Oopen(file, object.empty() ? "/" : object.c_str(), H5P_DEFAULT), path,
                 fmt::format("opening '{}'", object));
}

// what HDF5 is told to store for one attribute value
struct Stored {
  ElementType type;
  Handle space;
  const void* data;
};

struct Store {
  std::vector<const char*>& strings;
  std::int8_t& flag;

  static Handle scalar() { return Handle(H5Screate(H5S_SCALAR)); }
  Stored operator()(std::monostate) const {
    return {ElementType::i1, Handle(H5Screate(H5S_NULL)), &flag};
  }
  Stored operator()(const std::int8_t& value) const { return {ElementType::i1, scalar(), &value}; }
  Stored operator()(const std::int64_t& value) const { return {ElementType::i8, scalar(), &value}; }
  Stored operator()(const std::uint64_t& value) const {
    return {ElementType::u8, scalar(), &value};
  }
  Stored operator()(const double& value) const { return {ElementType::f8, scalar(), &value}; }
  Stored operator()(const bool& value) const {
    flag = value ? 1 : 0;
    return {ElementType::boolean, scalar(), &flag};
  }
  Stored operator()(const std::string& value) const {
    strings = {value.c_str()};
    return {ElementType::text, scalar(), strings.data()};
  }
  Stored operator()(const std::vector<std::string>& values) const {
    strings.clear();
    for (const auto& value : values) strings.push_back(value.c_str());
    const hsize_t size = values.size();
    return {ElementType::text, Handle(H5Screate_simple(1, &size, nullptr)), strings.data()};
  }
  Stored operator()(const std::vector<double>& values) const {
    const hsize_t size = values.size();
    return {ElementType::f8, Handle(H5Screate_simple(1, &size, nullptr)), values.data()};
  }
};

template <class T>
AttributeValue read_scalar(hid_t attribute, ElementType type) {
  T value{};
  const Handle memory = h5::h5_type(type);
  if (H5Aread(attribute, memory.get(), &value) < 0) return std::monostate{};
  return value;
}

AttributeValue read_strings(hid_t attribute, hid_t type, bool scalar, std::size_t count) {
  std::vector<std::string> values;
  if (H5Tis_variable_str(type) > 0) {
    std::vector<char*> strings(count, nullptr);
    if (H5Aread(attribute, type, strings.data()) < 0) return std::monostate{};
    for (char* text : strings) {
      values.emplace_back(text == nullptr ? "" : text);
      H5free_memory(text);
    }
  } else {
    const std::size_t size = H5Tget_size(type);
    std::string all(size * count, '\0');
    if (H5Aread(attribute, type, all.data()) < 0) return std::monostate{};
    for (std::size_t i = 0; i < count; ++i)
      values.emplace_back(h5::field_text(all.substr(i * size, size), type));
  }
  if (scalar) return values.front();
  return values;
}

AttributeValue read_numbers(hid_t attribute, std::size_t count) {
  std::vector<double> values(count);
  const Handle memory = h5::h5_type(ElementType::f8);
  if (H5Aread(attribute, memory.get(), values.data()) < 0) return std::monostate{};
  return values;
}

AttributeValue read_value(hid_t attribute) {
  const Handle type(H5Aget_type(attribute));
  const Handle space(H5Aget_space(attribute));
  const auto known = h5::element_type_of_h5(type.get());
  const auto count = H5Sget_simple_extent_npoints(space.get());
  const bool scalar = H5Sget_simple_extent_type(space.get()) == H5S_SCALAR;
  if (!known || count < 1 || count > 4096) return std::monostate{};
  if (*known == ElementType::text) {
    return read_strings(attribute, type.get(), scalar, static_cast<std::size_t>(count));
  }
  if (!scalar && *known == ElementType::f8)
    return read_numbers(attribute, static_cast<std::size_t>(count));
  if (!scalar) return std::monostate{};
  switch (*known) {
    case ElementType::i1:
      return read_scalar<std::int8_t>(attribute, *known);
    case ElementType::i8:
      return read_scalar<std::int64_t>(attribute, *known);
    case ElementType::u8:
      return read_scalar<std::uint64_t>(attribute, *known);
    case ElementType::f4:
    case ElementType::f8:
      return read_scalar<double>(attribute, ElementType::f8);
    case ElementType::boolean: {
      const auto value = read_scalar<std::int8_t>(attribute, *known);
      const auto* flag = std::get_if<std::int8_t>(&value);
      return flag == nullptr ? AttributeValue{} : AttributeValue{*flag != 0};
    }
    default:
      return std::monostate{};
  }
}

}  // namespace

std::vector<std::string> H5File::attribute_names(const std::string& object) const {
  const Handle owner = open_object(handle_, path_.string(), object);
  std::vector<std::string> names;
  const auto collect = [](hid_t, const char* name, const H5A_info_t*, void* all) -> herr_t {
    static_cast<std::vector<std::string>*>(all)->emplace_back(name);
    return 0;
  };
  hsize_t next = 0;
  h5::check(H5Aiterate2(owner.get(), H5_INDEX_NAME, H5_ITER_INC, &next, collect, &names),
            path_.string(), fmt::format("listing the attributes of '{}'", object));
  return names;
}

std::optional<AttributeValue> H5File::attribute(const std::string& object,
                                                const std::string& name) const {
  const Handle owner = open_object(handle_, path_.string(), object);
  if (H5Aexists(owner.get(), name.c_str()) <= 0) return std::nullopt;
  const Handle attribute = h5::own(H5Aopen(owner.get(), name.c_str(), H5P_DEFAULT), path_.string(),
                                   fmt::format("opening the attribute '{}'", name));
  return read_value(attribute.get());
}

std::string H5File::text_attribute(const std::string& object, const std::string& name) const {
  const auto value = attribute(object, name);
  const auto* text = value ? std::get_if<std::string>(&*value) : nullptr;
  return text == nullptr ? "" : *text;
}

void H5File::set_attribute(const std::string& object, const Attribute& attribute) {
  const std::string what =
      fmt::format("writing the attribute '{}' of '{}'", attribute.name, object);
  const Handle owner = open_object(handle_, path_.string(), object);
  std::vector<const char*> strings;
  std::int8_t flag = 0;
  const Stored stored = std::visit(Store{strings, flag}, attribute.value);
  const Handle type = h5::h5_type(stored.type);
  const Handle created = h5::own(H5Acreate2(owner.get(), attribute.name.c_str(), type.get(),
                                            stored.space.get(), H5P_DEFAULT, H5P_DEFAULT),
                                 path_.string(), what);
  h5::check(H5Awrite(created.get(), type.get(), stored.data), path_.string(), what);
}

}  // namespace noether::dataset
