#include "dataset/store/chunks.h"

#include <fmt/format.h>
#include <libdeflate.h>

#include <algorithm>
#include <cstring>
#include <memory>

#include "base/error.h"

namespace noether::dataset {
namespace {

constexpr int deflate_level = 4;
constexpr std::size_t checksum_bytes = 4;

using Compressor = std::unique_ptr<libdeflate_compressor, decltype(&libdeflate_free_compressor)>;

std::size_t chunk_bytes(const Array& array) {
  return static_cast<std::size_t>(element_count(chunk_shape(array))) * element_bytes(array.type);
}

void append_u32(Bytes& bytes, std::uint32_t value) {
  const auto raw = std::as_bytes(std::span(&value, 1));
  bytes.insert(bytes.end(), raw.begin(), raw.end());
}

}  // namespace

std::uint32_t fletcher32(std::span<const std::byte> bytes) {
  constexpr std::size_t words_before_overflow = 360;
  std::uint32_t sum1 = 0;
  std::uint32_t sum2 = 0;
  const auto fold = [](std::uint32_t sum) { return (sum & 0xffffU) + (sum >> 16U); };
  const std::size_t words = bytes.size() / 2;
  for (std::size_t done = 0; done < words;) {
    const std::size_t stop = std::min(words, done + words_before_overflow);
    for (; done < stop; ++done) {
      sum1 += static_cast<std::uint32_t>(bytes[2 * done]) << 8U |
              static_cast<std::uint32_t>(bytes[2 * done + 1]);
      sum2 += sum1;
    }
    sum1 = fold(sum1);
    sum2 = fold(sum2);
  }
  if (bytes.size() % 2 == 1) {
    sum1 += static_cast<std::uint32_t>(bytes.back()) << 8U;
    sum2 += sum1;
    sum1 = fold(sum1);
    sum2 = fold(sum2);
  }
  return fold(sum2) << 16U | fold(sum1);
}

Bytes encode_chunks(const Array& array, std::span<const std::byte> part) {
  const Compressor compressor(libdeflate_alloc_compressor(deflate_level),
                              libdeflate_free_compressor);
  const std::size_t full = chunk_bytes(array);
  Bytes filtered(libdeflate_zlib_compress_bound(compressor.get(), full));
  Bytes padded;
  Bytes encoded;
  for (std::size_t start = 0; start < part.size(); start += full) {
    auto chunk = part.subspan(start, std::min(full, part.size() - start));
    if (chunk.size() < full) {
      padded.assign(chunk.begin(), chunk.end());
      padded.resize(full);
      chunk = padded;
    }
    const std::size_t size = libdeflate_zlib_compress(compressor.get(), chunk.data(), full,
                                                      filtered.data(), filtered.size());
    append_u32(encoded, static_cast<std::uint32_t>(size + checksum_bytes));
    encoded.insert(encoded.end(), filtered.begin(),
                   filtered.begin() + static_cast<std::ptrdiff_t>(size));
    append_u32(encoded, fletcher32(std::span(filtered).first(size)));
  }
  return encoded;
}

void for_each_chunk(const Array& array, std::span<const std::byte> encoded,
                    const std::function<void(std::span<const std::byte>)>& visit) {
  while (!encoded.empty()) {
    std::uint32_t size = 0;
    if (encoded.size() < sizeof size)
      throw base::DataError(fmt::format("'{}': a chunk is cut off", array.path));
    std::memcpy(&size, encoded.data(), sizeof size);
    encoded = encoded.subspan(sizeof size);
    if (size > encoded.size())
      throw base::DataError(fmt::format("'{}': a chunk is cut off", array.path));
    visit(encoded.first(size));
    encoded = encoded.subspan(size);
  }
}

ChunkDecoder::ChunkDecoder(const Array& array)
    : path_(array.path),
      decoded_(chunk_bytes(array)),
      decompressor_(libdeflate_alloc_decompressor(), libdeflate_free_decompressor) {}

std::span<const std::byte> ChunkDecoder::decode(std::span<const std::byte> chunk) {
  if (chunk.size() < checksum_bytes ||
      libdeflate_zlib_decompress(decompressor_.get(), chunk.data(), chunk.size() - checksum_bytes,
                                 decoded_.data(), decoded_.size(), nullptr) != LIBDEFLATE_SUCCESS) {
    throw base::DataError(fmt::format("'{}': a chunk does not decompress", path_));
  }
  return decoded_;
}

}  // namespace noether::dataset
