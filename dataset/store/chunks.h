#pragma once

// Chunks of compressed arrays, filtered by the workers instead of behind HDF5's global lock:
// deflate (zlib format, by libdeflate), then HDF5's Fletcher-32, as H5Dwrite_chunk expects them.

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "dataset/store/layout.h"

struct libdeflate_decompressor;

namespace noether::dataset {

// HDF5's variant of Fletcher's checksum: over big-endian 16-bit words.
std::uint32_t fletcher32(std::span<const std::byte> bytes);

// Filters a part of one row (shape[1:]) of a compressed array, which begins with a chunk: every
// chunk preceded by its size as u32, the last one padded with zeros to the full chunk extent.
Bytes encode_chunks(const Array& array, std::span<const std::byte> part);

// Calls visit(chunk) for every chunk of encode_chunks' result.
void for_each_chunk(const Array& array, std::span<const std::byte> encoded,
                    const std::function<void(std::span<const std::byte>)>& visit);

// Decodes the chunks of one array, one after the other into the same memory.
class ChunkDecoder {
 public:
  explicit ChunkDecoder(const Array& array);

  // The bytes of a chunk, padding included, until the next call; throws DataError where it does not
  // decode.
  std::span<const std::byte> decode(std::span<const std::byte> chunk);

 private:
  std::string path_;
  Bytes decoded_;
  std::unique_ptr<libdeflate_decompressor, void (*)(libdeflate_decompressor*)> decompressor_;
};

}  // namespace noether::dataset
