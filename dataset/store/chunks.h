#pragma once

// Chunks, filtered by the workers instead of behind HDF5's global lock: where compressed, deflate
// (zlib format, by libdeflate), then HDF5's Fletcher-32, as H5Dwrite_chunk expects them.

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "dataset/store/layout.h"

struct libdeflate_decompressor;

namespace noether::dataset {

// HDF5's variant of Fletcher's checksum: over big-endian 16-bit words.
std::uint32_t fletcher32(std::span<const std::byte> bytes);

// Rows of a streamed array, as they go into the file: filtered chunks, one after the other; or the
// rows themselves, where the array does not come in chunks.
struct EncodedRows {
  Bytes bytes = {};
  std::vector<std::size_t> chunks = {};  // the size of each; none: rows
  std::size_t padding = 0;               // zeros that fill the last chunk, before it is filtered
  friend bool operator==(const EncodedRows&, const EncodedRows&) = default;
};

// Filters rows, or of a compressed array a part of one row, which begins with a chunk. The last
// chunk is padded with zeros to the full chunk extent.
EncodedRows encode_rows(const Array& array, Bytes rows);

// Calls visit(k, chunk) for every chunk.
void for_each_chunk(const EncodedRows& encoded,
                    const std::function<void(std::size_t, std::span<const std::byte>)>& visit);

// Decodes the chunks of one array, one after the other into the same memory.
class ChunkDecoder {
 public:
  explicit ChunkDecoder(const Array& array);

  // The bytes of a chunk, padding included, until the next call; throws DataError where it does not
  // decode.
  std::span<const std::byte> decode(std::span<const std::byte> chunk);

 private:
  std::string path_;
  bool compressed_;
  Bytes decoded_;
  std::unique_ptr<libdeflate_decompressor, void (*)(libdeflate_decompressor*)> decompressor_;
};

}  // namespace noether::dataset
