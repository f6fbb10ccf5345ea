#include "dataset/store/array_writer.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "dataset/store/bytes.h"

namespace noether::dataset {

ArrayWriter::ArrayWriter(const Array& array, H5File& file)
    : array_(&array), file_(&file), decoder_(array) {
  file.create_array(array);
  if (Moments::exist_of(array)) moments_.emplace(array);
}

std::vector<std::int64_t> ArrayWriter::add(const EncodedRows& encoded) {
  std::vector<std::int64_t> addresses;
  if (!comes_in_chunks(*array_)) {
    note(encoded.bytes);
    end_block();
    append(waiting_, encoded.bytes);
    write_waiting(chunk_bytes(*array_));
    return addresses;
  }
  std::size_t padding = 0;
  for_each_chunk(encoded, [&](std::size_t /*k*/, std::span<const std::byte> chunk) {
    Shape start(array_->shape.size(), 0);
    start[0] = next_row_;
    if (start.size() > 1) start[1] = next_time_;
    const auto decoded = decoder_.decode(chunk);
    addresses.push_back(file_->write_chunk(array_->path, start, chunk));
    padding += note_chunk(decoded);
  });
  if (padding != encoded.padding) {
    throw base::DataError(
        fmt::format("'{}': the rows of a block do not fill its chunks", array_->path));
  }
  return addresses;
}

std::string ArrayWriter::finish() {
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

void ArrayWriter::note(std::span<const std::byte> rows) {
  sha_.update(rows);
  if (moments_) moments_->add_piece(rows);
}

void ArrayWriter::end_block() {
  if (moments_) moments_->end_block();
}

// A chunk has one row or several, or a part of one. Returns how much of it is padding.
std::size_t ArrayWriter::note_chunk(std::span<const std::byte> decoded) {
  const Shape extent = chunk_shape(*array_);
  const std::int64_t rows = std::min(extent[0], array_->shape[0] - next_row_);
  const auto size = static_cast<std::size_t>(rows * row_bytes(*array_));
  const auto fresh = decoded.first(std::min(decoded.size(), size - noted_));
  note(fresh);
  noted_ += fresh.size();
  if (extent.size() > 1) next_time_ += extent[1];
  if (noted_ == size) {
    end_block();
    next_row_ += rows;
    next_time_ = 0;
    noted_ = 0;
  }
  return decoded.size() - fresh.size();
}

// writes whole chunks while at least `least` bytes wait
void ArrayWriter::write_waiting(std::size_t least) {
  if (waiting_.size() < least || waiting_.empty()) return;
  const std::size_t chunk = chunk_bytes(*array_);
  const std::size_t whole = least == 1 ? waiting_.size() : waiting_.size() / chunk * chunk;
  file_->write_rows(array_->path, next_row_, std::span(waiting_).first(whole));
  if (!array_->shape.empty()) next_row_ += static_cast<std::int64_t>(whole) / row_bytes(*array_);
  waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(whole));
}

}  // namespace noether::dataset
