#include <fmt/format.h>
#include <hdf5_hl.h>

#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "dataset/store/h5.h"
#include "dataset/store/h5_handle.h"

namespace noether::dataset {
namespace {

using h5::Handle;

// what the netCDF-4 library writes, and asks for, as the NAME of a dimension without numbers
constexpr std::string_view dimension_name = "This is a netCDF dimension but not a netCDF variable.";

Handle open_array(hid_t file, const std::string& path, const std::string& array) {
  return h5::own(H5Dopen2(file, array.c_str(), H5P_DEFAULT), path,
                 fmt::format("opening '{}'", array));
}

}  // namespace

bool h5::is_dimension(hid_t location, const char* name) {
  const Handle dataset(H5Dopen2(location, name, H5P_DEFAULT));
  std::array<char, dimension_name.size() + 1> text{};
  const bool named = dataset.get() >= 0 && H5DSis_scale(dataset.get()) > 0 &&
                     H5DSget_scale_name(dataset.get(), text.data(), text.size()) > 0;
  if (dataset.get() < 0) H5Eclear2(H5E_DEFAULT);
  return named && text.data() == dimension_name;
}

void H5File::link(const std::string& array, const std::string& name) {
  h5::check(H5Lcreate_hard(handle_, array.c_str(), handle_, name.c_str(), H5P_DEFAULT, H5P_DEFAULT),
            path_.string(), fmt::format("naming '{}' '{}'", array, name));
}

void H5File::create_dimension(const std::string& name, std::int64_t extent) {
  const std::string what = fmt::format("creating the dimension '{}'", name);
  // Of two bytes: none of our element types, so that programs of older versions pass it over. What
  // is never written takes no place.
  const Handle type(H5Tcopy(H5T_STD_I16LE));
  const auto size = static_cast<hsize_t>(extent);
  const hsize_t most = extent == 0 ? H5S_UNLIMITED : size;  // as the arrays along it
  const Handle space(H5Screate_simple(1, &size, &most));
  const Handle creation(H5Pcreate(H5P_DATASET_CREATE));
  H5Pset_obj_track_times(creation.get(), false);
  const hsize_t chunk = 1;
  if (extent == 0) H5Pset_chunk(creation.get(), 1, &chunk);
  const Handle dataset = h5::own(H5Dcreate2(handle_, name.c_str(), type.get(), space.get(),
                                            H5P_DEFAULT, creation.get(), H5P_DEFAULT),
                                 path_.string(), what);
  const std::string text = fmt::format("{}{:10}", dimension_name, extent);
  h5::check(H5DSset_scale(dataset.get(), text.c_str()), path_.string(), what);
}

void H5File::attach_scale(const std::string& array, const std::string& scale, unsigned axis) {
  const std::string what = fmt::format("tying '{}' to '{}'", array, scale);
  const Handle dataset = open_array(handle_, path_.string(), array);
  const Handle scale_dataset = open_array(handle_, path_.string(), scale);
  if (H5DSis_scale(scale_dataset.get()) <= 0) {
    const std::string name = scale.substr(scale.rfind('/') + 1);
    h5::check(H5DSset_scale(scale_dataset.get(), name.c_str()), path_.string(), what);
  }
  h5::check(H5DSattach_scale(dataset.get(), scale_dataset.get(), axis), path_.string(), what);
}

void H5File::mark_as_images(const std::string& array) {
  // Of fixed length, as the specification says: where CLASS is of variable length, HDF5 compares a
  // pointer with its name. It ties no scale to an array of CLASS "IMAGE", so these come last.
  const bool is_grey = describe(array).shape.back() == 1;
  std::vector<std::pair<const char*, const char*>> attributes{
      {"CLASS", "IMAGE"},
      {"IMAGE_VERSION", "1.2"},
      {"IMAGE_SUBCLASS", is_grey ? "IMAGE_GRAYSCALE" : "IMAGE_TRUECOLOR"}};
  if (!is_grey) attributes.push_back({"INTERLACE_MODE", "INTERLACE_PIXEL"});
  for (const auto& [name, value] : attributes) {
    h5::check(H5LTset_attribute_string(handle_, array.c_str(), name, value), path_.string(),
              fmt::format("writing the attribute '{}' of '{}'", name, array));
  }
}

}  // namespace noether::dataset
