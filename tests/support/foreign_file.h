#pragma once

// An HDF5 file as another program would write it: plain C API, no user block, hence no seal.

#include <hdf5.h>

#include <filesystem>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

namespace noether::test {

using Doubles = std::vector<double>;
using Floats = std::vector<float>;

struct ForeignArray {
  std::string path;
  std::vector<hsize_t> shape;
  std::variant<Doubles, Floats> values;
};

inline void write_foreign(const std::filesystem::path& path,
                          const std::vector<ForeignArray>& arrays) {
  const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
  H5Pset_libver_bounds(access, H5F_LIBVER_V18, H5F_LIBVER_V110);
  const hid_t file = H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access);
  const hid_t link = H5Pcreate(H5P_LINK_CREATE);
  H5Pset_create_intermediate_group(link, 1);
  bool failed = file < 0;
  for (const auto& array : arrays) {
    const bool is_double = std::holds_alternative<Doubles>(array.values);
    const hid_t type = is_double ? H5T_NATIVE_DOUBLE : H5T_NATIVE_FLOAT;
    const hid_t space =
        H5Screate_simple(static_cast<int>(array.shape.size()), array.shape.data(), nullptr);
    const hid_t set =
        H5Dcreate2(file, array.path.c_str(), type, space, link, H5P_DEFAULT, H5P_DEFAULT);
    const void* data =
        std::visit([](const auto& v) { return static_cast<const void*>(v.data()); }, array.values);
    failed = failed || H5Dwrite(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data) < 0;
    H5Dclose(set);
    H5Sclose(space);
  }
  H5Pclose(link);
  failed = H5Fclose(file) < 0 || failed;
  H5Pclose(access);
  if (failed) throw std::runtime_error("cannot write " + path.string());
}

}  // namespace noether::test
