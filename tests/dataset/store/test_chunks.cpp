#include "dataset/store/chunks.h"

#include <hdf5.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstring>
#include <string>

#include "base/error.h"
#include "base/random.h"
#include "dataset/store/h5.h"
#include "tests/support/file_bytes.h"
#include "tests/support/properties.h"
#include "tests/support/temp_folder.h"

using namespace noether;
using dataset::Bytes;

namespace {

Bytes random_bytes(std::size_t size) {
  const auto bytes = *rc::gen::container<std::vector<std::uint8_t>>(
      size, rc::gen::resize(rc::kNominalSize, rc::gen::arbitrary<std::uint8_t>()));
  return dataset::to_bytes<std::uint8_t>(bytes);
}

// what HDF5's own fletcher32 filter appends to a chunk that holds `bytes`
std::uint32_t checksum_by_hdf5(const Bytes& bytes, const std::filesystem::path& path) {
  const dataset::Array array{.path = "a",
                             .type = dataset::ElementType::u1,
                             .shape = {static_cast<std::int64_t>(bytes.size())},
                             .attributes = {}};
  {
    auto file = dataset::H5File::create(path);
    file.create_array(array);
    file.write_rows("a", 0, bytes);
    file.close();
  }
  const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
  const hid_t set = H5Dopen2(file, "a", H5P_DEFAULT);
  Bytes raw(bytes.size() + 4);
  const hsize_t origin = 0;
  std::uint32_t mask = 0;
  REQUIRE(H5Dread_chunk(set, H5P_DEFAULT, &origin, &mask, raw.data()) >= 0);
  H5Dclose(set);
  H5Fclose(file);
  std::uint32_t checksum = 0;
  std::memcpy(&checksum, raw.data() + bytes.size(), sizeof checksum);
  return checksum;
}

// a compressed array of random frames whose last chunk is whole or not
dataset::Array random_video() {
  return {.path = "group/video",
          .type = dataset::ElementType::u1,
          .shape = {*rc::gen::inRange<std::int64_t>(1, 3), *rc::gen::inRange<std::int64_t>(1, 40),
                    *rc::gen::inRange<std::int64_t>(1, 6), *rc::gen::inRange<std::int64_t>(1, 6)},
          .attributes = {},
          .compressed = true};
}

dataset::Array small_video() {
  return {.path = "video",
          .type = dataset::ElementType::u1,
          .shape = {1, 40, 3},
          .attributes = {},
          .compressed = true};
}

// What the chunks hold, one after the other, padding included.
Bytes decode_chunks(const dataset::Array& array, const dataset::EncodedRows& encoded) {
  Bytes decoded;
  dataset::ChunkDecoder decoder(array);
  dataset::for_each_chunk(encoded, [&](std::size_t /*k*/, std::span<const std::byte> chunk) {
    const auto piece = decoder.decode(chunk);
    decoded.insert(decoded.end(), piece.begin(), piece.end());
  });
  return decoded;
}

// an array whose chunks are not compressed, and hold three rows of five numbers
dataset::Array rows_of_three() {
  return {.path = "rows",
          .type = dataset::ElementType::f4,
          .shape = {8, 5},
          .attributes = {},
          .streamed = true,
          .rows_per_chunk = 3};
}

Bytes random_bytes_of(std::size_t size) {
  base::RandomStream random(1, base::Purpose::noise, 0);
  Bytes bytes(size);
  for (auto& byte : bytes) byte = static_cast<std::byte>(random.bits());
  return bytes;
}

Bytes small_row() { return dataset::to_bytes<std::uint8_t>(std::vector<std::uint8_t>(120, 7)); }

}  // namespace

TEST_CASE("our Fletcher-32 is the checksum that HDF5 stores", "[store][chunks]") {
  const test::TempFolder folder;
  CHECK(test::holds("equal checksums", 100, [&] {
    // past 720 bytes the sums are folded more than once; odd sizes have a half word
    const auto bytes = random_bytes(*rc::gen::inRange<std::size_t>(1, 3000));
    RC_ASSERT(dataset::fletcher32(bytes) == checksum_by_hdf5(bytes, folder / "a.h5"));
  }));
}

TEST_CASE("Fletcher-32 does not overflow on the largest words", "[store][chunks]") {
  const test::TempFolder folder;
  const Bytes ones(1 << 16, std::byte{0xff});
  CHECK(dataset::fletcher32(ones) == checksum_by_hdf5(ones, folder / "a.h5"));
}

TEST_CASE("chunks filtered by us are read back by HDF5's own filters", "[store][chunks]") {
  const test::TempFolder folder;
  CHECK(test::holds("same bytes through HDF5", 60, [&] {
    const auto video = random_video();
    auto file = dataset::H5File::create(folder / "video.h5");
    file.create_array(video);
    Bytes written;
    for (std::int64_t row = 0; row < video.shape[0]; ++row) {
      const Bytes frames = random_bytes(static_cast<std::size_t>(dataset::row_bytes(video)));
      const std::int64_t times = dataset::chunk_shape(video)[1];
      dataset::for_each_chunk(dataset::encode_rows(video, frames), [&](std::size_t k, auto chunk) {
        const auto first = static_cast<std::int64_t>(k) * times;
        file.write_chunk(video.path, dataset::Shape{row, first, 0, 0}, chunk);
      });
      written.insert(written.end(), frames.begin(), frames.end());
    }
    file.close();
    const auto read = dataset::H5File::open(folder / "video.h5");
    RC_ASSERT(read.read_rows(video.path, 0, video.shape[0]) == written);
  }));
}

TEST_CASE("decoding chunks gives back what was encoded", "[store][chunks]") {
  CHECK(test::holds("round trip", 200, [] {
    const auto video = random_video();
    const Bytes row = random_bytes(static_cast<std::size_t>(dataset::row_bytes(video)));
    Bytes decoded = decode_chunks(video, dataset::encode_rows(video, row));
    RC_ASSERT(decoded.size() >= row.size());
    // the rest is padding
    RC_ASSERT(std::all_of(decoded.begin() + std::ssize(row), decoded.end(),
                          [](std::byte byte) { return byte == std::byte{0}; }));
    decoded.resize(row.size());
    RC_ASSERT(decoded == row);
  }));
}

TEST_CASE("rows that are not compressed come in chunks with their checksum", "[store][chunks]") {
  const test::TempFolder folder;
  const auto array = rows_of_three();
  const Bytes rows = random_bytes_of(8 * 5 * 4);
  const auto encoded = dataset::encode_rows(array, rows);
  // three, three and two rows; the last chunk is padded
  CHECK(encoded.chunks == std::vector<std::size_t>(3, 3 * 5 * 4 + 4));
  Bytes decoded = decode_chunks(array, encoded);
  REQUIRE(decoded.size() == 9 * 5 * 4);
  decoded.resize(rows.size());
  CHECK(decoded == rows);
  auto file = dataset::H5File::create(folder / "rows.h5");
  file.create_array(array);
  dataset::for_each_chunk(encoded, [&](std::size_t k, auto chunk) {
    file.write_chunk("rows", dataset::Shape{3 * static_cast<std::int64_t>(k), 0}, chunk);
  });
  file.close();
  CHECK(dataset::H5File::open(folder / "rows.h5").read_rows("rows", 0, 8) == rows);
}

TEST_CASE("rows of an array that does not come in chunks stay rows", "[store][chunks]") {
  auto array = rows_of_three();
  array.rows_per_chunk = 0;
  const Bytes rows = random_bytes_of(8 * 5 * 4);
  const auto encoded = dataset::encode_rows(array, rows);
  CHECK(encoded.bytes == rows);
  CHECK(encoded.chunks.empty());
}

TEST_CASE("a chunk that is cut off anywhere is refused", "[store][chunks]") {
  const auto encoded = dataset::encode_rows(small_video(), small_row());
  REQUIRE(encoded.chunks.size() == 3);
  dataset::ChunkDecoder decoder(small_video());
  for (std::size_t size = 0; size < encoded.chunks[0]; ++size) {
    INFO("cut to " << size << " bytes");
    CHECK_THROWS_AS(decoder.decode(std::span(encoded.bytes).first(size)), base::DataError);
  }
}

TEST_CASE("a chunk that does not decompress is refused with the name of its array",
          "[store][chunks]") {
  auto encoded = dataset::encode_rows(small_video(), small_row());
  for (std::size_t i = 0; i < 8; ++i) encoded.bytes[i] = std::byte{0xff};
  CHECK(test::message_of<base::DataError>([&] { decode_chunks(small_video(), encoded); }) ==
        "'video': a chunk does not decompress");
}
