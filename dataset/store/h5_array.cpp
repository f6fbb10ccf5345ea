#include <fmt/format.h>
#include <hdf5_hl.h>

#include <algorithm>

#include "base/error.h"
#include "base/interrupt.h"
#include "dataset/store/h5.h"
#include "dataset/store/h5_handle.h"

namespace noether::dataset {
namespace {

using h5::Handle;

constexpr unsigned deflate_level = 4;
constexpr unsigned most_attributes = 64;  // of an array, in its header

std::vector<hsize_t> extents_of(std::span<const std::int64_t> shape) {
  std::vector<hsize_t> extents;
  for (const auto extent : shape) extents.push_back(static_cast<hsize_t>(extent));
  return extents;
}

Handle space_of(std::span<const std::int64_t> shape) {
  if (shape.empty()) return Handle(H5Screate(H5S_SCALAR));
  const auto extents = extents_of(shape);
  return Handle(H5Screate_simple(static_cast<int>(extents.size()), extents.data(), nullptr));
}

// an axis of extent 0 may grow: a chunk, of one element at least, must fit; texts have no chunks
Handle new_space_of(const Array& array) {
  if (array.shape.empty() || array.type == ElementType::text) return space_of(array.shape);
  const auto extents = extents_of(array.shape);
  auto most = extents;
  std::ranges::replace(most, hsize_t{0}, H5S_UNLIMITED);
  return Handle(H5Screate_simple(static_cast<int>(extents.size()), extents.data(), most.data()));
}

Handle creation_of(const Array& array) {
  Handle creation(H5Pcreate(H5P_DATASET_CREATE));
  H5Pset_obj_track_times(creation.get(), false);
  // More attributes than eight would move to a heap. HDF5 1.10 crashes where it copies the
  // references among them (DIMENSION_LIST) from there, and h5py's copy() with it.
  H5Pset_attr_phase_change(creation.get(), most_attributes, most_attributes - 8);
  if (array.shape.empty() || array.type == ElementType::text) return creation;
  // every element is written, so filling beforehand would be wasted
  H5Pset_fill_time(creation.get(), H5D_FILL_TIME_NEVER);
  const auto chunk = extents_of(chunk_shape(array));
  H5Pset_chunk(creation.get(), static_cast<int>(chunk.size()), chunk.data());
  if (array.compressed) H5Pset_deflate(creation.get(), deflate_level);
  H5Pset_fletcher32(creation.get());
  return creation;
}

Handle open_array(hid_t file, const std::string& path, const std::string& array) {
  return h5::own(H5Dopen2(file, array.c_str(), H5P_DEFAULT), path,
                 fmt::format("opening '{}'", array));
}

// a part of an array: where it begins and how far it reaches, along each axis
struct Box {
  Shape start, size;
};

Box rows_of(const Shape& shape, std::int64_t first, std::int64_t count) {
  Box box{Shape(shape.size(), 0), shape};
  if (shape.empty()) return box;
  box.start[0] = first;
  box.size[0] = count;
  return box;
}

// the file space with a box selected, and a memory space of the same size
struct Selection {
  Handle file_space;
  Handle memory_space;
};

Selection select(const Shape& shape, const Box& box) {
  Handle file_space = space_of(shape);
  if (shape.empty()) return {std::move(file_space), Handle(H5Screate(H5S_SCALAR))};
  const auto start = extents_of(box.start), size = extents_of(box.size);
  H5Sselect_hyperslab(file_space.get(), H5S_SELECT_SET, start.data(), nullptr, size.data(),
                      nullptr);
  return {std::move(file_space), space_of(box.size)};
}

void check_range(const std::string& path, const std::string& array, std::int64_t extent,
                 std::int64_t first, std::int64_t count) {
  if (first >= 0 && count >= 0 && first + count <= extent) return;
  throw base::DataError(fmt::format("'{}': '{}' has {} rows, {} from row {} were asked for", path,
                                    array, extent, count, first));
}

Bytes read_box(hid_t file, const std::string& path, const std::string& array, const H5Array& info,
               const Box& box) {
  base::check_interrupt();  // thousands of these may follow each other
  if (!info.type || *info.type == ElementType::text) {
    throw base::DataError(
        fmt::format("'{}': '{}' holds {}, not numbers", path, array, info.type_name));
  }
  Bytes bytes(static_cast<std::size_t>(element_count(box.size)) * element_bytes(*info.type));
  if (bytes.empty()) return bytes;
  const Selection selection = select(info.shape, box);
  const Handle dataset = open_array(file, path, array);
  const Handle type = h5::h5_type(*info.type);
  h5::check(H5Dread(dataset.get(), type.get(), selection.memory_space.get(),
                    selection.file_space.get(), H5P_DEFAULT, bytes.data()),
            path, fmt::format("reading '{}'", array));
  return bytes;
}

}  // namespace

void H5File::create_array(const Array& array) {
  const std::string what = fmt::format("creating '{}'", array.path);
  // only a single text: netCDF 4.9 overruns its memory at a list of texts of fixed length
  const bool fixed = array.type == ElementType::text && array.shape.empty();
  const Handle type = fixed ? h5::fixed_text_type(array.text.front()) : h5::h5_type(array.type);
  const Handle space = new_space_of(array);
  h5::create_groups(handle_, path_.string(), array.path);
  const Handle creation = creation_of(array);
  const Handle dataset = h5::own(H5Dcreate2(handle_, array.path.c_str(), type.get(), space.get(),
                                            H5P_DEFAULT, creation.get(), H5P_DEFAULT),
                                 path_.string(), what);
  annotate(array);
}

void H5File::annotate(const Array& array) {
  const Handle dataset = open_array(handle_, path_.string(), array.path);
  for (std::size_t i = 0; i < array.axes.size(); ++i) {
    h5::check(H5DSset_label(dataset.get(), static_cast<unsigned>(i), array.axes[i].c_str()),
              path_.string(), fmt::format("labelling '{}'", array.path));
  }
  for (const auto& attribute : array.attributes) set_attribute(array.path, attribute);
}

void H5File::write_rows(const std::string& array, std::int64_t first_row,
                        std::span<const std::byte> rows) {
  const H5Array info = describe(array);
  const std::string what = fmt::format("writing '{}'", array);
  const auto row = element_count(std::span(info.shape).subspan(info.shape.empty() ? 0 : 1)) *
                   static_cast<std::int64_t>(element_bytes(*info.type));
  if (rows.empty() || row == 0) return;
  const Selection selection = select(
      info.shape, rows_of(info.shape, first_row, static_cast<std::int64_t>(rows.size()) / row));
  const Handle dataset = open_array(handle_, path_.string(), array);
  const Handle type = h5::h5_type(*info.type);
  h5::check(H5Dwrite(dataset.get(), type.get(), selection.memory_space.get(),
                     selection.file_space.get(), H5P_DEFAULT, rows.data()),
            path_.string(), what);
}

void H5File::write_text(const std::string& array, const std::vector<std::string>& text) {
  const std::string what = fmt::format("writing '{}'", array);
  const Handle dataset = open_array(handle_, path_.string(), array);
  const Handle type = h5::own(H5Dget_type(dataset.get()), path_.string(), what);
  std::vector<const char*> strings;
  for (const auto& line : text) strings.push_back(line.c_str());
  const bool variable = H5Tis_variable_str(type.get()) > 0;
  std::string padded = variable ? "" : text.front();
  padded.resize(std::max(padded.size(), H5Tget_size(type.get())));
  const void* const data = variable ? static_cast<const void*>(strings.data()) : padded.data();
  h5::check(H5Dwrite(dataset.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, data),
            path_.string(), what);
}

std::int64_t H5File::write_chunk(const std::string& array, std::span<const std::int64_t> offset,
                                 std::span<const std::byte> chunk) {
  const std::string what = fmt::format("writing '{}'", array);
  const Handle dataset = open_array(handle_, path_.string(), array);
  const auto start = extents_of(offset);
  hsize_t end = 0;
  h5::check(H5Fget_filesize(handle_, &end), path_.string(), what);
  h5::check(H5Dwrite_chunk(dataset.get(), H5P_DEFAULT, 0, start.data(), chunk.size(), chunk.data()),
            path_.string(), what);
  return static_cast<std::int64_t>(end);
}

Bytes H5File::read_rows(const std::string& array, std::int64_t first_row,
                        std::int64_t count) const {
  const H5Array info = describe(array);
  check_range(path_.string(), array, info.shape.empty() ? 1 : info.shape[0], first_row, count);
  return read_box(handle_, path_.string(), array, info, rows_of(info.shape, first_row, count));
}

Bytes H5File::read_part(const std::string& array, std::int64_t row, std::int64_t first,
                        std::int64_t count) const {
  const H5Array info = describe(array);
  check_range(path_.string(), array, info.shape.at(0), row, 1);
  check_range(path_.string(), array, info.shape.at(1), first, count);
  Box box = rows_of(info.shape, row, 1);
  box.start[1] = first;
  box.size[1] = count;
  return read_box(handle_, path_.string(), array, info, box);
}

std::vector<double> H5File::read_numbers(const std::string& array) const {
  const H5Array info = describe(array);
  const std::string what = fmt::format("reading '{}'", array);
  const Handle dataset = open_array(handle_, path_.string(), array);
  const Handle type = h5::own(H5Dget_type(dataset.get()), path_.string(), what);
  const H5T_class_t kind = H5Tget_class(type.get());
  if (kind != H5T_INTEGER && kind != H5T_FLOAT) {
    throw base::DataError(
        fmt::format("'{}': '{}' holds {}, not numbers", path_.string(), array, info.type_name));
  }
  std::vector<double> values(static_cast<std::size_t>(element_count(info.shape)));
  if (values.empty()) return values;
  h5::check(H5Dread(dataset.get(), H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()),
            path_.string(), what);
  return values;
}

void H5File::for_each_piece(const std::string& array,
                            const std::function<void(std::int64_t, const Bytes&)>& visit) const {
  constexpr std::int64_t bytes_at_a_time = 16 << 20;
  const H5Array info = describe(array);
  const std::int64_t count = element_count(info.shape);
  if (count == 0) return;
  const std::int64_t rows = info.shape.empty() ? 1 : info.shape[0];
  const std::size_t element = info.type ? element_bytes(*info.type) : 1;
  const std::int64_t row =
      count / rows * std::max<std::int64_t>(static_cast<std::int64_t>(element), 1);
  const std::int64_t step = std::max<std::int64_t>(1, bytes_at_a_time / row);
  for (std::int64_t first = 0; first < rows; first += step) {
    base::check_interrupt();
    visit(first, read_rows(array, first, std::min(step, rows - first)));
  }
}

std::vector<std::string> H5File::read_text(const std::string& array) const {
  const H5Array info = describe(array);
  if (info.type != ElementType::text) {
    throw base::DataError(
        fmt::format("'{}': '{}' holds {}, not text", path_.string(), array, info.type_name));
  }
  const std::string what = fmt::format("reading '{}'", array);
  const Handle dataset = open_array(handle_, path_.string(), array);
  const Handle type = h5::own(H5Dget_type(dataset.get()), path_.string(), what);
  const auto count = static_cast<std::size_t>(element_count(info.shape));
  std::vector<std::string> text;
  if (H5Tis_variable_str(type.get()) > 0) {
    std::vector<char*> strings(count, nullptr);
    h5::check(H5Dread(dataset.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, strings.data()),
              path_.string(), what);
    for (char* line : strings) {
      text.emplace_back(line == nullptr ? "" : line);
      H5free_memory(line);
    }
  } else {
    const std::size_t size = H5Tget_size(type.get());
    std::string all(size * count, '\0');
    h5::check(H5Dread(dataset.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, all.data()),
              path_.string(), what);
    for (std::size_t i = 0; i < count; ++i)
      text.emplace_back(h5::field_text(all.substr(i * size, size), type.get()));
  }
  return text;
}

}  // namespace noether::dataset
