#include "dataset/store/chunks.h"

#include <hdf5.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstring>
#include <string>

#include "base/error.h"
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

// The chunks of a row one after the other, padding included.
Bytes decode_chunks(const dataset::Array& array, std::span<const std::byte> encoded) {
  Bytes decoded;
  dataset::ChunkDecoder decoder(array);
  dataset::for_each_chunk(array, encoded, [&](std::span<const std::byte> chunk) {
    const auto piece = decoder.decode(chunk);
    decoded.insert(decoded.end(), piece.begin(), piece.end());
  });
  return decoded;
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
      const Bytes encoded = dataset::encode_chunks(video, frames);
      std::int64_t at = 0;
      dataset::for_each_chunk(video, encoded, [&](auto chunk) {
        file.write_chunk(video.path, dataset::Shape{row, at, 0, 0}, chunk);
        at += dataset::chunk_shape(video)[1];
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
    Bytes decoded = decode_chunks(video, dataset::encode_chunks(video, row));
    RC_ASSERT(decoded.size() >= row.size());
    // the rest is padding
    RC_ASSERT(std::all_of(decoded.begin() + std::ssize(row), decoded.end(),
                          [](std::byte byte) { return byte == std::byte{0}; }));
    decoded.resize(row.size());
    RC_ASSERT(decoded == row);
  }));
}

TEST_CASE("chunks cut off anywhere are refused", "[store][chunks]") {
  const Bytes encoded = dataset::encode_chunks(small_video(), small_row());
  REQUIRE(encoded.size() > 20);
  std::size_t whole_chunks = 0;
  for (std::size_t size = 1; size < encoded.size(); ++size) {
    try {
      decode_chunks(small_video(), std::span(encoded).first(size));
      ++whole_chunks;
    } catch (const base::DataError&) {
    }
  }
  CHECK(whole_chunks == 2);  // of three
}

TEST_CASE("a chunk that does not decompress is refused with the name of its array",
          "[store][chunks]") {
  Bytes encoded = dataset::encode_chunks(small_video(), small_row());
  for (std::size_t i = 4; i < 12; ++i) encoded[i] = std::byte{0xff};
  CHECK(test::message_of<base::DataError>([&] { decode_chunks(small_video(), encoded); }) ==
        "'video': a chunk does not decompress");
}
