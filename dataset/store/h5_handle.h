#pragma once

// Private to h5_*.cpp: ownership of HDF5 identifiers, and its error stack as one sentence.

#include <hdf5.h>

#include <optional>
#include <string>
#include <utility>

#include "dataset/store/layout.h"

namespace noether::dataset::h5 {

// Owns an identifier of any kind; closes it by reference count.
class Handle {
 public:
  explicit Handle(hid_t id) : id_(id) {}
  ~Handle() {
    if (id_ >= 0) H5Idec_ref(id_);
  }
  Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, -1)) {}
  Handle& operator=(Handle&& other) noexcept {
    std::swap(id_, other.id_);
    return *this;
  }
  hid_t get() const { return id_; }

 private:
  hid_t id_;
};

// Throws DataError "'file': while WHAT: HDF5 says REASON", the reason taken from HDF5's error
// stack.
[[noreturn]] void fail(const std::string& file, const std::string& what);

// The identifier, or fail().
Handle own(hid_t id, const std::string& file, const std::string& what);
// The non-negative result, or fail().
template <class Result>
Result check(Result result, const std::string& file, const std::string& what) {
  if (result < 0) fail(file, what);
  return result;
}

// Silences the error printing of the library and its exit handler, which would write to a full disk
// once more and crash. Must come before any other call, since the first one installs the handler.
void quiet();

// Makes the groups on the way to `object` that are not there yet. HDF5 would make them by itself,
// but with the time of the clock in them.
void create_groups(hid_t location, const std::string& file, const std::string& object);

// Whether an array is a dimension without numbers (H5File::create_dimension).
bool is_dimension(hid_t location, const char* name);

Handle h5_type(ElementType type);  // little-endian, which is also native here
// Text of the length of `text`: Octave stops at one of variable length. ASCII where all of it is,
// since Octave stops at UTF-8 too.
Handle fixed_text_type(const std::string& text);
// The text in a field of fixed length, without what pads it.
std::string field_text(std::string field, hid_t type);
// The element type that `type` is, or nothing.
std::optional<ElementType> element_type_of_h5(hid_t type);
std::string type_name(hid_t type);

}  // namespace noether::dataset::h5
