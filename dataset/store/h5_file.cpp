#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <utility>

#include "base/error.h"
#include "dataset/store/h5.h"
#include "dataset/store/h5_handle.h"

namespace noether::dataset {
namespace {

using h5::Handle;

constexpr std::size_t chunk_cache_bytes = 4
                                          << 20;  // holds the chunk that rows are being appended to

Handle file_access() {
  h5::quiet();
  Handle access(H5Pcreate(H5P_FILE_ACCESS));
  // from 1.8 on metadata blocks carry checksums; up to 1.10 is what Debian 12 and h5py read
  H5Pset_libver_bounds(access.get(), H5F_LIBVER_V18, H5F_LIBVER_V110);
  H5Pset_fclose_degree(access.get(), H5F_CLOSE_STRONG);
  H5Pset_cache(access.get(), 0, 521, chunk_cache_bytes, 1.0);
  return access;
}

herr_t collect_array(hid_t file, const char* name, const H5O_info_t* info, void* paths) {
  if (info->type == H5O_TYPE_DATASET && !h5::is_dimension(file, name))
    static_cast<std::vector<std::string>*>(paths)->emplace_back(name);
  return 0;
}

std::string filter_name(H5Z_filter_t filter) {
  switch (filter) {
    case H5Z_FILTER_DEFLATE:
      return "deflate";
    case H5Z_FILTER_FLETCHER32:
      return "fletcher32";
    case H5Z_FILTER_SHUFFLE:
      return "shuffle";
    default:
      return fmt::format("filter {}", filter);
  }
}

void describe_storage(hid_t dataset, H5Array& array) {
  const Handle creation(H5Dget_create_plist(dataset));
  if (H5Pget_layout(creation.get()) != H5D_CHUNKED) return;
  std::array<hsize_t, H5S_MAX_RANK> chunk{};
  const int rank = H5Pget_chunk(creation.get(), H5S_MAX_RANK, chunk.data());
  for (int i = 0; i < rank; ++i)
    array.chunk.push_back(static_cast<std::int64_t>(chunk[static_cast<std::size_t>(i)]));
  for (int i = 0; i < H5Pget_nfilters(creation.get()); ++i) {
    std::size_t values = 0;
    std::array<char, 64> name{};
    const auto filter = H5Pget_filter2(creation.get(), static_cast<unsigned>(i), nullptr, &values,
                                       nullptr, name.size(), name.data(), nullptr);
    array.filters.push_back(filter_name(filter));
    if (array.missing_filter.empty() && H5Zfilter_avail(filter) <= 0)
      array.missing_filter = name.front() == '\0' ? filter_name(filter) : name.data();
  }
}

}  // namespace

H5File::H5File(std::filesystem::path path, std::int64_t handle)
    : path_(std::move(path)), handle_(handle) {}

H5File H5File::create(const std::filesystem::path& path) {
  return create(path, path, file_access().get());
}

H5File H5File::create_in_memory(const std::string& name) {
  const Handle access = file_access();
  constexpr std::size_t growth_bytes = 1 << 20;
  constexpr bool write_at_the_end = false;
  H5Pset_fapl_core(access.get(), growth_bytes, write_at_the_end);
  // HDF5 takes two files of one name for one file, in memory too
  static std::atomic<std::uint64_t> made = 0;
  return create(name, fmt::format("{} #{}", name, made++), access.get());
}

H5File H5File::create(const std::filesystem::path& path, const std::filesystem::path& opened_as,
                      std::int64_t access) {
  const Handle creation(H5Pcreate(H5P_FILE_CREATE));
  H5Pset_userblock(creation.get(), h5_user_block_bytes);
  H5Pset_obj_track_times(creation.get(), false);
  const hid_t file = H5Fcreate(opened_as.c_str(), H5F_ACC_TRUNC, creation.get(), access);
  return {path, h5::check(file, path.string(), "creating the file")};
}

H5File H5File::open(const std::filesystem::path& path) {
  const Handle access = file_access();
  const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDONLY, access.get());
  return {path, h5::check(file, path.string(), "opening the file")};
}

H5File::~H5File() {
  if (handle_ >= 0) H5Fclose(handle_);
}

H5File::H5File(H5File&& other) noexcept
    : path_(std::move(other.path_)), handle_(std::exchange(other.handle_, -1)) {}

H5File& H5File::operator=(H5File&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(handle_, other.handle_);
  return *this;
}

void H5File::close() {
  h5::check(H5Fclose(std::exchange(handle_, -1)), path_.string(), "closing the file");
}

std::vector<std::string> H5File::array_paths() const {
  std::vector<std::string> paths;
  h5::check(H5Ovisit2(handle_, H5_INDEX_NAME, H5_ITER_INC, collect_array, &paths, H5O_INFO_BASIC),
            path_.string(), "listing the arrays");
  std::ranges::sort(paths);
  return paths;
}

bool H5File::contains(const std::string& array) const {
  // H5Lexists wants every group on the way to exist
  for (std::size_t slash = array.find('/'); slash != std::string::npos;
       slash = array.find('/', slash + 1)) {
    if (H5Lexists(handle_, array.substr(0, slash).c_str(), H5P_DEFAULT) <= 0) return false;
  }
  if (H5Lexists(handle_, array.c_str(), H5P_DEFAULT) <= 0) return false;
  const hid_t object = H5Oopen(handle_, array.c_str(), H5P_DEFAULT);
  if (object < 0) {
    H5Eclear2(H5E_DEFAULT);
    return false;
  }
  const Handle owned(object);
  return H5Iget_type(object) == H5I_DATASET;
}

H5Array H5File::describe(const std::string& array) const {
  const std::string what = fmt::format("describing '{}'", array);
  if (!contains(array))
    throw base::DataError(fmt::format("'{}' has no array '{}'", path_.string(), array));
  const Handle dataset =
      h5::own(H5Dopen2(handle_, array.c_str(), H5P_DEFAULT), path_.string(), what);
  const Handle space = h5::own(H5Dget_space(dataset.get()), path_.string(), what);
  const Handle type = h5::own(H5Dget_type(dataset.get()), path_.string(), what);
  H5Array result{.type = h5::element_type_of_h5(type.get()),
                 .type_name = h5::type_name(type.get())};
  std::array<hsize_t, H5S_MAX_RANK> extents{};
  const int rank = h5::check(H5Sget_simple_extent_dims(space.get(), extents.data(), nullptr),
                             path_.string(), what);
  for (int i = 0; i < rank; ++i)
    result.shape.push_back(static_cast<std::int64_t>(extents[static_cast<std::size_t>(i)]));
  describe_storage(dataset.get(), result);
  result.stored_bytes = static_cast<std::int64_t>(H5Dget_storage_size(dataset.get()));
  return result;
}

std::string hdf5_version() {
  h5::quiet();
  unsigned major = 0;
  unsigned minor = 0;
  unsigned release = 0;
  H5get_libversion(&major, &minor, &release);
  return fmt::format("{}.{}.{}", major, minor, release);
}

}  // namespace noether::dataset
