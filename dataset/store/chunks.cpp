#include "dataset/store/chunks.h"

#include <fmt/format.h>
#include <libdeflate.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "base/error.h"
#include "dataset/store/bytes.h"

namespace noether::dataset {
namespace {

constexpr int deflate_level = 4;
constexpr std::size_t checksum_bytes = 4;

void append_u32(Bytes& to, std::uint32_t value) { append(to, std::as_bytes(std::span(&value, 1))); }

class Deflater {
 public:
  explicit Deflater(std::size_t most_bytes)
      : compressor_(libdeflate_alloc_compressor(deflate_level), libdeflate_free_compressor),
        deflated_(libdeflate_zlib_compress_bound(compressor_.get(), most_bytes)) {}

  // until the next call
  std::span<const std::byte> deflate(std::span<const std::byte> bytes) {
    const std::size_t size = libdeflate_zlib_compress(compressor_.get(), bytes.data(), bytes.size(),
                                                      deflated_.data(), deflated_.size());
    return std::span(deflated_).first(size);
  }

 private:
  std::unique_ptr<libdeflate_compressor, decltype(&libdeflate_free_compressor)> compressor_;
  Bytes deflated_;
};

}  // namespace

// Within a window of n words w the two sums grow by sum(w) and by n sum1 + sum((n - i) w_i): sums
// that a processor takes many words at a time. They are folded before 32 bits overflow.
std::uint32_t fletcher32(std::span<const std::byte> bytes) {
  constexpr std::size_t window = 256;
  std::uint32_t sum1 = 0, sum2 = 0;
  const auto fold = [](std::uint32_t sum) { return (sum & 0xffffU) + (sum >> 16U); };
  const auto word = [&](std::size_t i) {
    return static_cast<std::uint32_t>(bytes[2 * i]) << 8U |
           static_cast<std::uint32_t>(bytes[2 * i + 1]);
  };
  const std::size_t words = bytes.size() / 2;
  for (std::size_t done = 0; done < words; done += window) {
    const std::size_t n = std::min(words - done, window);
    std::uint32_t plain = 0, weighted = 0;
    for (std::size_t i = 0; i < n; ++i) {
      const std::uint32_t w = word(done + i);
      plain += w;
      weighted += static_cast<std::uint32_t>(n - i) * w;
    }
    sum2 = fold(fold(sum2 + static_cast<std::uint32_t>(n) * sum1 + weighted));
    sum1 = fold(fold(sum1 + plain));
  }
  if (bytes.size() % 2 == 1) {
    sum1 += static_cast<std::uint32_t>(bytes.back()) << 8U;
    sum2 += sum1;
  }
  return fold(fold(sum2)) << 16U | fold(fold(sum1));
}

EncodedRows encode_rows(const Array& array, Bytes rows) {
  if (!comes_in_chunks(array)) return {.bytes = std::move(rows)};
  const std::size_t full = chunk_bytes(array);
  std::optional<Deflater> deflater;
  EncodedRows encoded;
  Bytes padded;
  if (array.compressed) {
    deflater.emplace(full);
  } else {
    encoded.bytes.reserve(rows.size() + full + checksum_bytes);
  }
  for (std::size_t start = 0; start < rows.size(); start += full) {
    auto chunk =
        std::span<const std::byte>(rows).subspan(start, std::min(full, rows.size() - start));
    if (chunk.size() < full) {
      encoded.padding = full - chunk.size();
      padded.assign(chunk.begin(), chunk.end());
      padded.resize(full);
      chunk = padded;
    }
    const auto stored = deflater ? deflater->deflate(chunk) : chunk;
    append(encoded.bytes, stored);
    append_u32(encoded.bytes, fletcher32(stored));
    encoded.chunks.push_back(stored.size() + checksum_bytes);
  }
  return encoded;
}

void for_each_chunk(const EncodedRows& encoded,
                    const std::function<void(std::size_t, std::span<const std::byte>)>& visit) {
  std::span<const std::byte> rest = encoded.bytes;
  for (std::size_t k = 0; k < encoded.chunks.size(); ++k) {
    visit(k, rest.first(encoded.chunks[k]));
    rest = rest.subspan(encoded.chunks[k]);
  }
}

ChunkDecoder::ChunkDecoder(const Array& array)
    : path_(array.path),
      compressed_(array.compressed),
      decoded_(compressed_ ? chunk_bytes(array) : 0),
      decompressor_(libdeflate_alloc_decompressor(), libdeflate_free_decompressor) {}

std::span<const std::byte> ChunkDecoder::decode(std::span<const std::byte> chunk) {
  const std::size_t size = chunk.size() - std::min(chunk.size(), checksum_bytes);
  if (!compressed_) return chunk.first(size);
  if (size == 0 ||
      libdeflate_zlib_decompress(decompressor_.get(), chunk.data(), size, decoded_.data(),
                                 decoded_.size(), nullptr) != LIBDEFLATE_SUCCESS) {
    throw base::DataError(fmt::format("'{}': a chunk does not decompress", path_));
  }
  return decoded_;
}

}  // namespace noether::dataset
