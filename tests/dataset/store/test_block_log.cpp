#include "dataset/store/block_log.h"

#include <catch2/catch.hpp>

#include "base/error.h"
#include "base/random.h"
#include "tests/support/file_bytes.h"
#include "tests/support/temp_folder.h"

using namespace noether;
using dataset::Addresses;
using dataset::Block;
using dataset::BlockLog;
using dataset::Bytes;
using dataset::ElementType;
using dataset::Layout;
namespace fs = std::filesystem;

namespace {

constexpr std::int64_t rows_per_block = 50, blocks_of_all = 12;

Bytes random_bytes(std::int64_t size, std::uint64_t seed) {
  base::RandomStream random(seed, base::Purpose::noise, 0);
  Bytes bytes(static_cast<std::size_t>(size));
  for (auto& byte : bytes) byte = static_cast<std::byte>(random.bits() % 16);
  return bytes;
}

// chunks as they are, compressed chunks of which a row has three, and rows
Layout layout_of_all() {
  constexpr std::int64_t rows = rows_per_block * blocks_of_all;
  Layout layout;
  layout.arrays = {{.path = "plain",
                    .shape = {rows, 40},
                    .attributes = {},
                    .streamed = true,
                    .rows_per_chunk = rows_per_block},
                   {.path = "packed",
                    .type = ElementType::u1,
                    .shape = {blocks_of_all, 40, 500},
                    .attributes = {},
                    .streamed = true,
                    .compressed = true},
                   {.path = "rows", .shape = {rows, 2}, .attributes = {}, .streamed = true}};
  return layout;
}

std::vector<Block> make_blocks(const Layout& layout) {
  std::vector<Block> blocks;
  for (std::uint64_t i = 0; i < blocks_of_all; ++i) {
    blocks.push_back(dataset::encode_block(
        layout, {random_bytes(rows_per_block * 40 * 8, i), random_bytes(40L * 500, 100 + i),
                 random_bytes(rows_per_block * 2 * 8, 200 + i)}));
  }
  return blocks;
}

// Writes blocks into folder/file.unfinished and logs them in folder/log. `while_open` is called
// before the file is closed.
template <class WhileOpen>
void write(const test::TempFolder& folder, const Layout& layout, const std::vector<Block>& blocks,
           WhileOpen while_open) {
  BlockLog log = BlockLog::create(folder / "log", folder / "file", "unfinished", "what is made\n");
  const auto source = [&](const dataset::TakeBlock& take) {
    for (const Block& block : blocks) log.add(block, take(block));
    while_open();
  };
  dataset::write_sealed(layout, source, folder / "file.unfinished");
}

std::vector<Block> blocks_in(const fs::path& path) {
  BlockLog log = BlockLog::open(path, path.parent_path() / "file").value();
  std::vector<Block> blocks;
  for (std::int64_t i = 0; i < log.blocks(); ++i) {
    const auto block = log.read(i);
    if (!block) break;
    blocks.push_back(*block);
  }
  return blocks;
}

}  // namespace

TEST_CASE("the blocks of a file that is not finished are read by its log", "[store][log]") {
  const test::TempFolder folder;
  const Layout layout = layout_of_all();
  const auto blocks = make_blocks(layout);
  bool seen = false;
  write(folder, layout, blocks, [&] {
    // copies: a log that is being written is locked
    fs::copy(folder / "log", folder / "copy");
    CHECK(blocks_in(folder / "copy") == blocks);
    seen = true;
  });
  CHECK(seen);
  CHECK(blocks_in(folder / "log") == blocks);
  const auto log = BlockLog::open(folder / "log", folder / "file");
  REQUIRE(log);
  CHECK(log->header() == "what is made\n");
  CHECK(log->file() == folder / "file.unfinished");
}

TEST_CASE("a log holds places, not chunks", "[store][log]") {
  const test::TempFolder folder;
  const Layout layout = layout_of_all();
  std::uintmax_t bytes = 0;
  write(folder, layout, make_blocks(layout), [&] { bytes = fs::file_size(folder / "log"); });
  // HDF5 begins an array with its index, so the first chunks are elsewhere than expected. Of each
  // block there are 800 bytes of rows, and the places of four chunks.
  constexpr std::uintmax_t first_chunks = 16'004 + 3 * 8'100;
  CHECK(bytes > 12 * 800);
  CHECK(bytes < first_chunks + 12 * 1'100);
  CHECK(fs::file_size(folder / "file.unfinished") > 12 * (16'000 + 8'000));
}

TEST_CASE("a chunk that is not where it was expected is kept in the log", "[store][log]") {
  const test::TempFolder folder;
  const Layout layout = layout_of_all();
  const auto blocks = make_blocks(layout);
  {
    test::write_bytes(folder / "file.unfinished", std::string(100'000, 'x'));
    BlockLog log = BlockLog::create(folder / "log", folder / "file", "unfinished", "");
    for (const Block& block : blocks) log.add(block, Addresses{{600}, {900, 99'990, -1}, {}});
  }
  CHECK(blocks_in(folder / "log") == blocks);
}

TEST_CASE("a block whose bytes have changed is not read", "[store][log]") {
  const test::TempFolder folder;
  const Layout layout = layout_of_all();
  const auto blocks = make_blocks(layout);
  write(folder, layout, blocks, [] {});
  const std::string bytes = test::read_bytes(folder / "file.unfinished");
  std::size_t least = blocks.size();
  for (std::size_t at = 1000; at < bytes.size(); at += 997) {
    test::write_bytes(folder / "file.unfinished", test::flipped(bytes, at));
    const auto found = blocks_in(folder / "log");
    // what is read is right, and nothing behind a damaged block is read
    CHECK(std::equal(found.begin(), found.end(), blocks.begin()));
    least = std::min(least, found.size());
  }
  CHECK(least == 0);
  fs::remove(folder / "file.unfinished");
  CHECK(blocks_in(folder / "log").empty());
}

TEST_CASE("a log that names no file beside it is none of this form", "[store][log]") {
  const test::TempFolder folder;
  for (const char* header :
       {"seed = 1\n", "# blocks in ../a\n", "# blocks in partial\n", "# blocks in unfinished"}) {
    INFO(header);
    { dataset::Spool::create(folder / "log", header); }
    CHECK_FALSE(BlockLog::open(folder / "log", folder / "file"));
  }
}

TEST_CASE("a file that cannot be read is no file without blocks", "[store][log]") {
  const test::TempFolder folder;
  const Layout layout = layout_of_all();
  write(folder, layout, make_blocks(layout), [] {});
  fs::remove(folder / "file.unfinished");
  fs::create_directory(folder / "file.unfinished");
  CHECK_THROWS_AS(blocks_in(folder / "log"), base::DataError);
}
