#include "dataset/store/writer.h"

#include <hdf5.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "base/error.h"
#include "base/output_file.h"
#include "base/sha256.h"
#include "dataset/store/dataset_file.h"
#include "tests/support/file_bytes.h"
#include "tests/support/properties.h"
#include "tests/support/temp_folder.h"

using namespace noether;
using dataset::Array;
using dataset::Block;
using dataset::Bytes;
using dataset::ElementType;
using dataset::Layout;

namespace {

dataset::BlockSource source_of(const std::vector<Block>& blocks) {
  return [&](const dataset::TakeBlock& take) { std::ranges::for_each(blocks, take); };
}

Bytes random_bytes(std::int64_t size) {
  const auto values = *rc::gen::container<std::vector<std::uint8_t>>(
      static_cast<std::size_t>(size), rc::gen::arbitrary<std::uint8_t>());
  return dataset::to_bytes<std::uint8_t>(values);
}

Array random_array(std::size_t i) {
  Array array{
      .path = "group/a" + std::to_string(i),
      .type = *rc::gen::element(ElementType::i1, ElementType::u1, ElementType::i8, ElementType::u8,
                                ElementType::f4, ElementType::f8, ElementType::boolean),
      .shape = *rc::gen::container<dataset::Shape>(
          static_cast<std::size_t>(*rc::gen::inRange(0, 4)), rc::gen::inRange<std::int64_t>(0, 6)),
      .attributes = {{"units", std::string("m")}}};
  array.content = random_bytes(dataset::element_count(array.shape) *
                               static_cast<std::int64_t>(element_bytes(array.type)));
  // a boolean is 0 or 1
  if (array.type == ElementType::boolean) {
    for (auto& byte : array.content) byte &= std::byte{1};
  }
  return array;
}

Array random_text() {
  Array array{.path = "group/text", .type = ElementType::text, .shape = {}, .attributes = {}};
  array.text = {*rc::gen::container<std::string>(rc::gen::nonZero<char>())};
  if (*rc::gen::arbitrary<bool>()) {
    array.text = *rc::gen::container<std::vector<std::string>>(
        rc::gen::container<std::string>(rc::gen::nonZero<char>()));
    array.shape = {static_cast<std::int64_t>(array.text.size())};
  }
  return array;
}

// one to four arrays, those of streamed ones with `samples` rows
Layout random_layout(std::int64_t samples) {
  Layout layout{.attributes = {{"seed", std::uint64_t{7}}}, .arrays = {}};
  const int count = *rc::gen::inRange(1, 5);
  for (int i = 0; i < count; ++i) {
    Array array = random_array(static_cast<std::size_t>(i));
    array.streamed = !array.shape.empty() && *rc::gen::arbitrary<bool>();
    if (array.streamed) {
      array.shape[0] = samples;
      array.content = random_bytes(samples * dataset::row_bytes(array));
      for (auto& byte : array.content) byte &= std::byte{1};
    }
    layout.arrays.push_back(std::move(array));
  }
  layout.arrays.push_back(random_text());
  return layout;
}

// the streamed arrays of `whole` come in blocks of at most `most` rows
std::string write_in_blocks(const Layout& whole, std::int64_t samples, std::int64_t most,
                            const test::TempFolder& folder) {
  Layout layout = whole;
  for (auto& array : layout.arrays) {
    if (array.streamed) array.content.clear();
  }
  std::vector<Block> blocks;
  for (std::int64_t first = 0; first < samples;) {
    const auto rows = std::min(samples - first, *rc::gen::inRange<std::int64_t>(1, most + 1));
    dataset::Columns columns;
    for (const auto& array : whole.arrays) {
      if (!array.streamed) continue;
      const auto row = dataset::row_bytes(array);
      const auto begin = array.content.begin() + first * row;
      columns.emplace_back(begin, begin + rows * row);
    }
    if (!columns.empty()) blocks.push_back(dataset::encode_block(layout, columns));
    first += rows;
  }
  dataset::write_dataset(layout, source_of(blocks), folder / "out.h5");
  return test::read_bytes(folder / "out.h5");
}

}  // namespace

TEST_CASE("arrays of any type and shape read back as they were written", "[store][writer]") {
  const test::TempFolder folder;
  CHECK(test::holds("round trip", 100, [&] {
    const auto samples = *rc::gen::inRange<std::int64_t>(0, 6);
    const Layout layout = random_layout(samples);
    write_in_blocks(layout, samples, 3, folder);
    const auto file = dataset::open_h5(folder / "out.h5");
    for (const auto& array : layout.arrays) {
      const auto form = file.describe(array.path);
      RC_ASSERT(form.type == array.type);
      RC_ASSERT(form.shape == array.shape);
      if (array.type == ElementType::text) {
        RC_ASSERT(file.read_text(array.path) == array.text);
      } else {
        const auto rows = array.shape.empty() ? 1 : array.shape[0];
        RC_ASSERT(file.read_rows(array.path, 0, rows) == array.content);
      }
    }
  }));
}

TEST_CASE("the size of the blocks does not change a byte of the file", "[store][writer]") {
  const test::TempFolder folder;
  CHECK(test::holds("same bytes", 60, [&] {
    const auto samples = *rc::gen::inRange<std::int64_t>(1, 9);
    const Layout layout = random_layout(samples);
    const auto in_blocks = write_in_blocks(layout, samples, 3, folder);
    const auto row_by_row = write_in_blocks(layout, samples, 1, folder);
    RC_ASSERT(in_blocks == row_by_row);
  }));
}

TEST_CASE("nothing in a file knows the time at which it was made", "[store][writer]") {
  const test::TempFolder folder;
  const Array array{.path = "outer/inner/a", .shape = {}, .attributes = {}, .content = Bytes(8)};
  dataset::write_dataset({.attributes = {}, .arrays = {array}}, folder / "a.h5");
  const hid_t file = H5Fopen((folder / "a.h5").c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
  for (const char* object : {"/", "outer", "outer/inner", "outer/inner/a"}) {
    H5O_info_t info{};
    REQUIRE(H5Oget_info_by_name2(file, object, &info, H5O_INFO_TIME, H5P_DEFAULT) >= 0);
    INFO(object);
    CHECK(info.atime == 0);
    CHECK(info.mtime == 0);
    CHECK(info.ctime == 0);
    CHECK(info.btime == 0);
  }
  H5Fclose(file);
}

TEST_CASE("rows of several chunks arrive whole, in blocks that do not fit the chunks",
          "[store][writer]") {
  const test::TempFolder folder;
  // 1456 rows a chunk: three chunks, the last one partial, from blocks of 1000
  constexpr std::int64_t samples = 4000;
  Layout layout;
  layout.arrays.push_back(
      {.path = "a", .shape = {samples, 45, 2}, .attributes = {}, .streamed = true});
  std::vector<double> values(samples * 90);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<double>(i);
  const Bytes all = dataset::to_bytes<double>(values);
  std::vector<Block> blocks;
  for (std::int64_t block = 0; block < 4; ++block) {
    const auto begin = all.begin() + block * 1000 * 720;
    blocks.push_back(dataset::encode_block(layout, {Bytes(begin, begin + 1000 * 720)}));
  }
  dataset::write_dataset(layout, source_of(blocks), folder / "a.h5");
  const auto file = dataset::open_h5(folder / "a.h5");
  CHECK(file.describe("a").chunk == dataset::Shape{1456, 45, 2});
  CHECK(file.read_rows("a", 0, samples) == all);
}

TEST_CASE("blocks that are chunks give the numbers, digest and moments of blocks that are not",
          "[store][writer]") {
  const test::TempFolder folder;
  Layout layout;
  layout.arrays.push_back({.path = "a",
                           .shape = {10, 3},
                           .attributes = {},
                           .axes = {"trajectory", "coordinate"},
                           .streamed = true});
  std::vector<double> values(30);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = std::sin(static_cast<double>(i));
  const Bytes all = dataset::to_bytes<double>(values);
  const auto write = [&](const char* name) {
    std::vector<Block> blocks;
    for (std::int64_t first = 0; first < 10; first += 4) {
      const auto begin = all.begin() + first * 24;
      const auto rows = std::min<std::int64_t>(4, 10 - first);
      blocks.push_back(dataset::encode_block(layout, {Bytes(begin, begin + rows * 24)}));
    }
    dataset::write_dataset(layout, source_of(blocks), folder / name);
    return dataset::open_h5(folder / name);
  };
  const auto whole = write("whole.h5");
  layout.arrays[0].rows_per_chunk = 4;
  const auto chunked = write("chunked.h5");
  CHECK(whole.describe("a").chunk == dataset::Shape{10, 3});
  CHECK(chunked.describe("a").chunk == dataset::Shape{4, 3});
  CHECK(chunked.read_rows("a", 0, 10) == all);
  for (const char* name : {"sha256", "mean", "std"})
    CHECK(chunked.attribute("a", name) == whole.attribute("a", name));
}

TEST_CASE("blocks that are chunks must all come", "[store][writer]") {
  const test::TempFolder folder;
  Layout layout;
  layout.arrays.push_back(
      {.path = "a", .shape = {4, 3}, .attributes = {}, .streamed = true, .rows_per_chunk = 2});
  const std::vector<Block> blocks{dataset::encode_block(layout, {Bytes(48)})};
  CHECK_THROWS_WITH(dataset::write_dataset(layout, source_of(blocks), folder / "a.h5"),
                    "'a': chunks are missing");
}

TEST_CASE("blocks that do not fill their chunks are refused", "[store][writer]") {
  const test::TempFolder folder;
  Layout layout;
  layout.arrays.push_back(
      {.path = "a", .shape = {8, 3}, .attributes = {}, .streamed = true, .rows_per_chunk = 4});
  const Block two_rows = dataset::encode_block(layout, {Bytes(48)});
  CHECK_THROWS_WITH(
      dataset::write_dataset(layout, source_of({two_rows, two_rows, two_rows, two_rows}),
                             folder / "a.h5"),
      "'a': the rows of a block do not fill its chunks");
}

TEST_CASE("compressed frames streamed row by row read back", "[store][writer]") {
  const test::TempFolder folder;
  CHECK(test::holds("frames", 40, [&] {
    Layout layout;
    layout.arrays.push_back({.path = "frames",
                             .type = ElementType::u1,
                             .shape = {*rc::gen::inRange<std::int64_t>(1, 4),
                                       *rc::gen::inRange<std::int64_t>(1, 40), 3, 2},
                             .attributes = {},
                             .streamed = true,
                             .compressed = true});
    const Array& array = layout.arrays[0];
    std::vector<Block> blocks;
    Bytes all;
    for (std::int64_t i = 0; i < array.shape[0]; ++i) {
      const Bytes row = random_bytes(dataset::row_bytes(array));
      blocks.push_back(dataset::encode_block(layout, {row}));
      all.insert(all.end(), row.begin(), row.end());
    }
    dataset::write_dataset(layout, source_of(blocks), folder / "f.h5");
    const auto file = dataset::open_h5(folder / "f.h5");
    RC_ASSERT(file.read_rows("frames", 0, array.shape[0]) == all);
    const auto filters = std::vector<std::string>{"deflate", "fletcher32"};
    RC_ASSERT(file.describe("frames").filters == filters);
  }));
}

TEST_CASE("each array states the SHA-256 of its bytes, the file that of all lines",
          "[store][writer]") {
  const test::TempFolder folder;
  const std::vector<double> values{1, 2};
  const Bytes bytes = dataset::to_bytes<double>(values);
  const Array b{.path = "b", .shape = {2}, .attributes = {}, .content = bytes};
  const Array a{.path = "a", .shape = {2, 0}, .attributes = {}, .content = {}};
  dataset::write_dataset({.attributes = {}, .arrays = {b, a}}, folder / "f.h5");
  const auto file = dataset::open_h5(folder / "f.h5");
  CHECK(file.text_attribute("b", "sha256") == base::sha256_hex(bytes));
  CHECK(file.text_attribute("a", "sha256") == base::sha256_hex(""));
  const std::string lines = "a\t" + base::sha256_hex("") + "\nb\t" + base::sha256_hex(bytes);
  CHECK(file.text_attribute("", "content_sha256") == base::sha256_hex(lines));
  CHECK(file.attribute("", "complete") == dataset::AttributeValue{std::int8_t{1}});
}

TEST_CASE("a failed assembly leaves neither the file nor its beginnings", "[store][writer]") {
  const test::TempFolder folder;
  Layout layout;
  layout.arrays.push_back({.path = "a", .shape = {2, 3}, .attributes = {}, .streamed = true});
  std::vector<Block> blocks;
  blocks.push_back(dataset::encode_block(layout, {Bytes(48)}));
  const auto stopped = [&](const dataset::TakeBlock& take) {
    source_of(blocks)(take);
    throw base::Interrupted("interrupted");
  };
  CHECK_THROWS_AS(dataset::write_dataset(layout, stopped, folder / "f.h5"), base::Interrupted);
  CHECK_FALSE(std::filesystem::exists(folder / "f.h5"));
  CHECK_FALSE(std::filesystem::exists(base::assembly_path(folder / "f.h5")));
}
