#pragma once

// One array of a file in the making.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/sha256.h"
#include "dataset/store/chunks.h"
#include "dataset/store/h5.h"
#include "dataset/store/layout.h"
#include "dataset/store/moments.h"

namespace noether::dataset {

// Appends rows to an array, whole chunks at a time. On the way it hashes them, and takes their
// moments.
class ArrayWriter {
 public:
  // Makes the array in the file. Both must outlive the writer.
  ArrayWriter(const Array& array, H5File& file);

  // The next rows. Returns where each chunk of `encoded` was stored, by H5File::write_chunk. Throws
  // DataError where there is more padding than the end of a row, or of the array, explains.
  std::vector<std::int64_t> add(const EncodedRows& encoded);

  // Writes what is left, and says what the array is. Returns its SHA-256. Throws DataError where
  // rows are missing.
  std::string finish();

  const Array& array() const { return *array_; }

 private:
  void note(std::span<const std::byte> rows);
  void end_block();
  std::size_t note_chunk(std::span<const std::byte> decoded);
  void write_waiting(std::size_t least);

  const Array* array_;
  H5File* file_;
  base::Sha256 sha_ = {};
  std::optional<Moments> moments_ = {};
  ChunkDecoder decoder_;
  Bytes waiting_ = {};          // rows that fill no chunk yet
  std::int64_t next_row_ = 0;   // of the chunk that comes
  std::int64_t next_time_ = 0;  // the same along axis 1, where a row has several chunks
  std::size_t noted_ = 0;       // bytes of its rows that have come
};

}  // namespace noether::dataset
