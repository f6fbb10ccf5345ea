#include "dataset/store/writer.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/interrupt.h"
#include "base/output_file.h"
#include "base/sha256.h"
#include "dataset/store/array_writer.h"
#include "dataset/store/seal.h"

namespace noether::dataset {
namespace {

// The scale of an axis at the root, where netCDF-4 finds it from every group: the array of
// dimensions/ under a second name, or a dimension without numbers.
void make_scale(const std::string& axis, std::int64_t extent, const Layout& layout, H5File& file) {
  const std::string numbers = "dimensions/" + axis;
  if (std::ranges::find(layout.arrays, numbers, &Array::path) != layout.arrays.end()) {
    file.link(numbers, axis);
  } else {
    file.create_dimension(axis, extent);
  }
}

bool is_frames(const Array& array) {
  const std::vector<std::string> last{"height", "width", "channel"};
  return array.axes.size() >= last.size() &&
         std::equal(last.rbegin(), last.rend(), array.axes.rbegin());
}

void tie_axes(const Layout& layout, H5File& file) {
  std::set<std::string> made;
  for (const auto& array : layout.arrays) {
    for (std::size_t k = 0; k < array.axes.size(); ++k) {
      const std::string& axis = array.axes[k];
      if (made.insert(axis).second) make_scale(axis, array.shape.at(k), layout, file);
      file.attach_scale(array.path, axis, static_cast<unsigned>(k));
    }
    if (is_frames(array)) file.mark_as_images(array.path);
  }
}

void fill(H5File& file, const Layout& layout, const BlockSource& blocks) {
  std::vector<ArrayWriter> writers;
  std::vector<std::string> digests;
  const auto record_digest = [&](const Array& array, const std::string& sha) {
    digests.push_back(array.path + "\t" + sha);
  };
  for (const auto& array : layout.arrays) {
    if (array.type == ElementType::text) {
      file.create_array(array);
      file.write_text(array.path, array.text);
    } else if (array.streamed) {
      writers.emplace_back(array, file);
    } else {
      ArrayWriter writer(array, file);
      writer.add({.bytes = array.content});
      record_digest(array, writer.finish());
    }
  }
  if (blocks) {
    blocks([&](const Block& block) {
      base::check_interrupt();
      Addresses addresses;
      for (std::size_t k = 0; k < writers.size(); ++k)
        addresses.push_back(writers[k].add(block.at(k)));
      return addresses;
    });
  }
  for (auto& writer : writers) record_digest(writer.array(), writer.finish());
  tie_axes(layout, file);
  for (const auto& attribute : layout.attributes) file.set_attribute("", attribute);
  file.set_attribute("", {"content_sha256", content_digest(digests)});
  file.set_attribute("", {"complete", std::int8_t{1}});
}

}  // namespace

Block encode_block(const Layout& layout, Columns columns) {
  Block block;
  for (const auto& array : layout.arrays) {
    if (array.streamed) block.push_back(encode_rows(array, std::move(columns.at(block.size()))));
  }
  return block;
}

void write_sealed(const Layout& layout, const BlockSource& blocks,
                  const std::filesystem::path& file) {
  H5File h5 = H5File::create(file);
  fill(h5, layout, blocks);
  h5.close();
  seal(file);
}

void write_dataset(const Layout& layout, const BlockSource& blocks,
                   const std::filesystem::path& path) {
  base::write_whole(path, base::assembly_path(path), [&](const std::filesystem::path& assembly) {
    write_sealed(layout, blocks, assembly);
  });
}

void write_dataset(const Layout& layout, const std::filesystem::path& path) {
  write_dataset(layout, BlockSource{}, path);
}

void write_locked_dataset(const Layout& layout, const std::filesystem::path& path,
                          const base::OutputRules& rules) {
  base::write_locked(path, rules, [&](const std::filesystem::path& assembly) {
    write_sealed(layout, {}, assembly);
  });
}

H5File write_in_memory(const Layout& layout, const std::vector<Block>& blocks,
                       const std::string& name) {
  H5File file = H5File::create_in_memory(name);
  fill(file, layout, [&](const TakeBlock& take) { std::ranges::for_each(blocks, take); });
  return file;
}

std::string content_digest(std::vector<std::string> lines) {
  std::ranges::sort(lines);
  base::Sha256 sha;
  for (std::size_t i = 0; i < lines.size(); ++i) sha.update(i == 0 ? "" : "\n").update(lines[i]);
  return sha.hex();
}

}  // namespace noether::dataset
