#include "dataset/store/h5_handle.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>

#include "base/error.h"

namespace noether::dataset::h5 {
namespace {

static_assert(std::endian::native == std::endian::little, "checksums are of little-endian bytes");

Handle boolean_type() {
  Handle type(H5Tenum_create(H5T_NATIVE_INT8));
  signed char value = 0;
  H5Tenum_insert(type.get(), "FALSE", &value);
  value = 1;
  H5Tenum_insert(type.get(), "TRUE", &value);
  return type;
}

Handle text_type() {
  Handle type(H5Tcopy(H5T_C_S1));
  H5Tset_size(type.get(), H5T_VARIABLE);
  H5Tset_cset(type.get(), H5T_CSET_UTF8);
  return type;
}

// keeps the description of the innermost frame, where the cause stands
herr_t keep_first(unsigned depth, const H5E_error2_t* error, void* text) {
  if (depth == 0 && error->desc != nullptr) *static_cast<std::string*>(text) = error->desc;
  return 0;
}

}  // namespace

void fail(const std::string& file, const std::string& what) {
  // the high-level functions clear the error stack; then the last failed system call is the best
  // guess
  std::string reason = std::strerror(errno);
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, keep_first, &reason);
  H5Eclear2(H5E_DEFAULT);
  // the driver's own words run over several lines; what matters is the system's
  constexpr std::string_view mark = "error message = '";
  if (const auto at = reason.find(mark); at != std::string::npos) {
    reason = reason.substr(at + mark.size());
    reason.erase(std::min(reason.find('\''), reason.size()));
  }
  throw base::DataError(fmt::format("'{}': while {}: HDF5 says: {}", file, what, reason));
}

Handle own(hid_t id, const std::string& file, const std::string& what) {
  return Handle(check(id, file, what));
}

void quiet() {
  static const bool once = [] {
    H5dont_atexit();
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
    return true;
  }();
  static_cast<void>(once);
}

void create_groups(hid_t location, const std::string& file, const std::string& object) {
  const Handle creation(H5Pcreate(H5P_GROUP_CREATE));
  H5Pset_obj_track_times(creation.get(), false);
  for (std::size_t slash = object.find('/'); slash != std::string::npos;
       slash = object.find('/', slash + 1)) {
    const std::string group = object.substr(0, slash);
    if (H5Lexists(location, group.c_str(), H5P_DEFAULT) > 0) continue;
    own(H5Gcreate2(location, group.c_str(), H5P_DEFAULT, creation.get(), H5P_DEFAULT), file,
        fmt::format("creating '{}'", group));
  }
}

Handle h5_type(ElementType type) {
  switch (type) {
    case ElementType::i1:
      return Handle(H5Tcopy(H5T_STD_I8LE));
    case ElementType::u1:
      return Handle(H5Tcopy(H5T_STD_U8LE));
    case ElementType::i8:
      return Handle(H5Tcopy(H5T_STD_I64LE));
    case ElementType::u8:
      return Handle(H5Tcopy(H5T_STD_U64LE));
    case ElementType::f4:
      return Handle(H5Tcopy(H5T_IEEE_F32LE));
    case ElementType::f8:
      return Handle(H5Tcopy(H5T_IEEE_F64LE));
    case ElementType::boolean:
      return boolean_type();
    case ElementType::text:
      return text_type();
  }
  return Handle(-1);
}

Handle fixed_text_type(const std::string& text) {
  const bool ascii = std::ranges::all_of(text, [](char c) { return (c & '\x80') == 0; });
  Handle type(H5Tcopy(H5T_C_S1));
  // with a zero at its end: netCDF reads on until it finds one
  H5Tset_size(type.get(), text.size() + 1);
  H5Tset_strpad(type.get(), H5T_STR_NULLPAD);
  H5Tset_cset(type.get(), ascii ? H5T_CSET_ASCII : H5T_CSET_UTF8);
  return type;
}

std::string field_text(std::string field, hid_t type) {
  field.resize(std::min(field.find('\0'), field.size()));
  if (H5Tget_strpad(type) == H5T_STR_SPACEPAD) field.resize(field.find_last_not_of(' ') + 1);
  return field;
}

std::optional<ElementType> element_type_of_h5(hid_t type) {
  const std::size_t size = H5Tget_size(type);
  switch (H5Tget_class(type)) {
    case H5T_INTEGER: {
      const bool is_signed = H5Tget_sign(type) == H5T_SGN_2;
      if (size == 1) return is_signed ? ElementType::i1 : ElementType::u1;
      if (size == 8) return is_signed ? ElementType::i8 : ElementType::u8;
      return std::nullopt;
    }
    case H5T_FLOAT:
      if (size == 4) return ElementType::f4;
      if (size == 8) return ElementType::f8;
      return std::nullopt;
    case H5T_ENUM: {
      const Handle boolean = boolean_type();
      return H5Tequal(type, boolean.get()) > 0 ? std::optional(ElementType::boolean) : std::nullopt;
    }
    case H5T_STRING:
      return ElementType::text;
    default:
      return std::nullopt;
  }
}

std::string type_name(hid_t type) {
  if (const auto known = element_type_of_h5(type)) return std::string(element_name(*known));
  const std::size_t bits = 8 * H5Tget_size(type);
  switch (H5Tget_class(type)) {
    case H5T_INTEGER:
      return fmt::format("{}int{}", H5Tget_sign(type) == H5T_SGN_2 ? "" : "u", bits);
    case H5T_FLOAT:
      return fmt::format("float{}", bits);
    case H5T_COMPOUND:
      return "compound";
    case H5T_ENUM:
      return "enum";
    default:
      return "a type of its own";
  }
}

}  // namespace noether::dataset::h5
