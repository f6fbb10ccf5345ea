#include <fmt/format.h>

#include <cstring>

#include "base/error.h"
#include "dataset/store/h5.h"
#include "dataset/store/h5_handle.h"

namespace noether::dataset {
namespace {

using h5::Handle;

Handle row_type() {
  const Handle byte = h5::h5_type(ElementType::u1);
  return Handle(H5Tvlen_create(byte.get()));
}

}  // namespace

void H5File::write_variable_bytes(const Array& array, const std::vector<Bytes>& rows) {
  const std::string what = fmt::format("writing '{}'", array.path);
  const Handle type = row_type();
  const hsize_t count = rows.size();
  const Handle space(H5Screate_simple(1, &count, nullptr));
  h5::create_groups(handle_, path_.string(), array.path);
  const Handle creation(H5Pcreate(H5P_DATASET_CREATE));
  H5Pset_obj_track_times(creation.get(), false);
  const Handle dataset = h5::own(H5Dcreate2(handle_, array.path.c_str(), type.get(), space.get(),
                                            H5P_DEFAULT, creation.get(), H5P_DEFAULT),
                                 path_.string(), what);
  annotate(array);
  // HDF5 wants pointers to mutable bytes, though it only reads them
  std::vector<hvl_t> pointers;
  for (const auto& row : rows) pointers.push_back({row.size(), const_cast<std::byte*>(row.data())});
  h5::check(H5Dwrite(dataset.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, pointers.data()),
            path_.string(), what);
}

std::vector<Bytes> H5File::read_variable_bytes(const std::string& array) const {
  const H5Array info = describe(array);
  const std::string what = fmt::format("reading '{}'", array);
  const Handle dataset =
      h5::own(H5Dopen2(handle_, array.c_str(), H5P_DEFAULT), path_.string(), what);
  const Handle stored = h5::own(H5Dget_type(dataset.get()), path_.string(), what);
  const Handle type = row_type();
  if (info.shape.size() != 1 || H5Tequal(stored.get(), type.get()) <= 0) {
    throw base::DataError(fmt::format("'{}': '{}' holds {}, not rows of bytes", path_.string(),
                                      array, info.type_name));
  }
  std::vector<hvl_t> pointers(static_cast<std::size_t>(info.shape[0]));
  h5::check(H5Dread(dataset.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, pointers.data()),
            path_.string(), what);
  std::vector<Bytes> rows;
  for (const auto& pointer : pointers) {
    Bytes row(pointer.len);
    if (!row.empty()) std::memcpy(row.data(), pointer.p, row.size());
    rows.push_back(std::move(row));
    H5free_memory(pointer.p);
  }
  return rows;
}

}  // namespace noether::dataset
