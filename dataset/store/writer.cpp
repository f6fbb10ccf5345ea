#include "dataset/store/writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <set>

#include "base/error.h"
#include "base/interrupt.h"
#include "base/output_file.h"
#include "base/sha256.h"
#include "dataset/store/chunks.h"
#include "dataset/store/moments.h"
#include "dataset/store/seal.h"

namespace noether::dataset {
namespace {

void append(Bytes& to, std::span<const std::byte> from) {
  to.insert(to.end(), from.begin(), from.end());
}

// the pieces of a record: u64 size and bytes, one after the other
std::vector<Bytes> split_record(const Bytes& record) {
  std::vector<Bytes> pieces;
  for (std::size_t at = 0; at < record.size();) {
    std::uint64_t size = 0;
    std::memcpy(&size, record.data() + at, sizeof size);
    at += sizeof size;
    const auto first = record.begin() + static_cast<std::ptrdiff_t>(at);
    pieces.emplace_back(first, first + static_cast<std::ptrdiff_t>(size));
    at += size;
  }
  return pieces;
}

// Appends rows to one array, whole chunks at a time, and hashes them on the way.
class ArrayWriter {
 public:
  ArrayWriter(const Array& array, H5File& file) : array_(&array), file_(&file) {
    file.create_array(array);
    if (Moments::exist_of(array)) moments_.emplace(array);
    if (array.compressed) decoder_.emplace(array);
    const auto rows = array.shape.empty() ? std::int64_t{1} : chunk_shape(array)[0];
    chunk_bytes_ = static_cast<std::size_t>(rows * (array.shape.empty() ? 1 : row_bytes(array)));
  }

  void add(Bytes column) {
    if (array_->compressed) {
      add_filtered(column);
      return;
    }
    note(column);
    end_block();
    if (waiting_.empty()) {
      waiting_ = std::move(column);
    } else {
      append(waiting_, column);
    }
    write_waiting(chunk_bytes_);
  }

  // Writes what is left, and says what the array is; every row must have come. Returns the digest.
  std::string finish() {
    write_waiting(1);
    const bool is_whole =
        array_->shape.empty() || next_row_ == array_->shape[0] || row_bytes(*array_) == 0;
    if (!is_whole) throw base::DataError(fmt::format("'{}': chunks are missing", array_->path));
    if (moments_) {
      for (const auto& attribute : moments_->attributes())
        file_->set_attribute(array_->path, attribute);
    }
    const std::string digest = sha_.hex();
    file_->set_attribute(array_->path, {"sha256", digest});
    return digest;
  }

  const Array& array() const { return *array_; }

 private:
  void note(std::span<const std::byte> rows) {
    sha_.update(rows);
    if (moments_) moments_->add_piece(rows);
  }
  void end_block() {
    if (moments_) moments_->end_block();
  }

  // A row may come in several columns.
  void add_filtered(const Bytes& encoded) {
    const auto row = static_cast<std::size_t>(row_bytes(*array_));
    for_each_chunk(*array_, encoded, [&](std::span<const std::byte> chunk) {
      const auto decoded = decoder_->decode(chunk);
      const std::size_t size = std::min(decoded.size(), row - noted_of_row_);
      note(decoded.first(size));
      Shape start(array_->shape.size(), 0);
      start[0] = next_row_;
      start[1] = next_offset_;
      file_->write_chunk(array_->path, start, chunk);
      next_offset_ += chunk_shape(*array_)[1];
      noted_of_row_ += size;
    });
    if (noted_of_row_ < row) return;
    end_block();
    ++next_row_;
    noted_of_row_ = 0;
    next_offset_ = 0;
  }

  // writes whole chunks while at least `least` bytes wait
  void write_waiting(std::size_t least) {
    if (waiting_.size() < least || waiting_.empty()) return;
    const std::size_t whole =
        least == 1 ? waiting_.size() : waiting_.size() / chunk_bytes_ * chunk_bytes_;
    file_->write_rows(array_->path, next_row_, std::span(waiting_).first(whole));
    if (!array_->shape.empty()) next_row_ += static_cast<std::int64_t>(whole) / row_bytes(*array_);
    waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(whole));
  }

  const Array* array_;
  H5File* file_;
  base::Sha256 sha_;
  std::optional<Moments> moments_;
  std::optional<ChunkDecoder> decoder_;
  Bytes waiting_;
  std::size_t chunk_bytes_ = 0;
  std::int64_t next_row_ = 0;
  std::size_t noted_of_row_ = 0;  // bytes of a compressed row that have come, ...
  std::int64_t next_offset_ = 0;  // ... and where along axis 1 the next chunk goes
};

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

void fill(H5File& file, const Layout& layout, const RecordSource& records) {
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
      writer.add(array.content);
      record_digest(array, writer.finish());
    }
  }
  if (records) {
    records([&](const Bytes& record) {
      base::check_interrupt();
      auto pieces = split_record(record);
      for (std::size_t k = 0; k < writers.size(); ++k) writers[k].add(std::move(pieces.at(k)));
    });
  }
  for (auto& writer : writers) record_digest(writer.array(), writer.finish());
  tie_axes(layout, file);
  for (const auto& attribute : layout.attributes) file.set_attribute("", attribute);
  file.set_attribute("", {"content_sha256", content_digest(digests)});
  file.set_attribute("", {"complete", std::int8_t{1}});
}

void write_sealed(const Layout& layout, const RecordSource& records,
                  const std::filesystem::path& path) {
  H5File file = H5File::create(path);
  fill(file, layout, records);
  file.close();
  seal(path);
}

}  // namespace

Bytes encode_block(const Layout& layout, const Columns& columns) {
  Bytes record;
  std::size_t k = 0;
  for (const auto& array : layout.arrays) {
    if (!array.streamed) continue;
    const Bytes& raw = columns.at(k++);
    const Bytes filtered = array.compressed ? encode_chunks(array, raw) : Bytes{};
    const Bytes& piece = array.compressed ? filtered : raw;
    const std::uint64_t size = piece.size();
    append(record, std::as_bytes(std::span(&size, 1)));
    append(record, piece);
  }
  return record;
}

void write_dataset(const Layout& layout, const RecordSource& records,
                   const std::filesystem::path& path) {
  base::write_whole(path, base::assembly_path(path), [&](const std::filesystem::path& assembly) {
    write_sealed(layout, records, assembly);
  });
}

void write_dataset(const Layout& layout, const std::filesystem::path& path) {
  write_dataset(layout, RecordSource{}, path);
}

void write_locked_dataset(const Layout& layout, const std::filesystem::path& path,
                          const base::OutputRules& rules) {
  base::write_locked(path, rules, [&](const std::filesystem::path& assembly) {
    write_sealed(layout, {}, assembly);
  });
}

H5File write_in_memory(const Layout& layout, const std::vector<Bytes>& records,
                       const std::string& name) {
  H5File file = H5File::create_in_memory(name);
  fill(file, layout, [&](const TakeRecord& take) { std::ranges::for_each(records, take); });
  return file;
}

std::string content_digest(std::vector<std::string> lines) {
  std::ranges::sort(lines);
  base::Sha256 sha;
  for (std::size_t i = 0; i < lines.size(); ++i) sha.update(i == 0 ? "" : "\n").update(lines[i]);
  return sha.hex();
}

}  // namespace noether::dataset
