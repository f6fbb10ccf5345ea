#include "bench/data/generated_dataset.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <thread>

#include "base/error.h"
#include "tests/support/file_bytes.h"
#include "tests/support/small_datasets.h"
#include "tests/support/temp_folder.h"

using namespace noether;
using bench::KeepOptions;
using bench::kept_dataset;

namespace {

namespace fs = std::filesystem;

const dataset::Overrides small{{"n", "4"}, {"steps", "5"}, {"render_size", "8"}};

std::vector<fs::path> files_in(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) files.push_back(entry.path());
  return files;
}

// Options that count the blocks which are generated.
KeepOptions counting(const fs::path& folder, std::atomic<int>& blocks, int fail_at = -1) {
  return {.folder = folder,
          .on_progress = [&blocks, fail_at](std::string_view phase, std::int64_t, std::int64_t) {
            if (phase == "generating" && ++blocks == fail_at) throw base::DataError("disk full");
          }};
}

}  // namespace

TEST_CASE("a kept dataset is generated once, with the numbers of the one in memory",
          "[bench][generated]") {
  const test::TempFolder folder;
  std::atomic<int> blocks = 0;
  const auto options = counting(folder / "data", blocks);
  const auto first = kept_dataset("pixel-pendulum", small, 3, options);
  CHECK(blocks == 4);
  CHECK(files_in(folder / "data") == std::vector<fs::path>{first.h5().path()});
  const auto memory = bench::generated_dataset("pixel-pendulum", small, 3);
  CHECK(first.text("content_sha256") == memory.text("content_sha256"));
  CHECK(kept_dataset("pixel-pendulum", small, 3, options).h5().path() == first.h5().path());
  CHECK(blocks == 4);
  // another seed, another setting, another file
  auto fast = small;
  fast["start_speed"] = "4";
  CHECK(kept_dataset("pixel-pendulum", small, 4, options).text("content_sha256") !=
        first.text("content_sha256"));
  CHECK(kept_dataset("pixel-pendulum", fast, 3, options).text("content_sha256") !=
        first.text("content_sha256"));
  CHECK(files_in(folder / "data").size() == 3);
}

TEST_CASE("without a folder nothing is kept", "[bench][generated]") {
  std::atomic<int> blocks = 0;
  const auto made = kept_dataset("pixel-pendulum", small, 3, counting("", blocks));
  CHECK(made.samples() == 4);
  CHECK_FALSE(fs::exists(made.h5().path()));
}

TEST_CASE("a dataset whose making was broken off is gone on with, to the same bytes",
          "[bench][generated]") {
  const test::TempFolder folder;
  std::atomic<int> whole_blocks = 0, blocks = 0;
  const auto whole = kept_dataset("pixel-pendulum", small, 3, counting(folder / "a", whole_blocks));
  CHECK_THROWS_WITH(kept_dataset("pixel-pendulum", small, 3, counting(folder / "b", blocks, 2)),
                    "disk full");
  blocks = 0;
  const auto resumed = kept_dataset("pixel-pendulum", small, 3, counting(folder / "b", blocks));
  CHECK((blocks > 0 && blocks < 4));
  CHECK(test::read_bytes(resumed.h5().path()) == test::read_bytes(whole.h5().path()));
  CHECK(files_in(folder / "b").size() == 1);
}

TEST_CASE("two that want the same data make them once", "[bench][generated]") {
  const test::TempFolder folder;
  std::atomic<int> blocks = 0;
  std::vector<std::string> digests(2);
  {
    std::vector<std::jthread> threads;
    for (std::string& digest : digests) {
      threads.emplace_back([&] {
        digest = kept_dataset("pixel-pendulum", small, 3, counting(folder / "a", blocks))
                     .text("content_sha256");
      });
    }
  }
  CHECK(blocks == 4);
  CHECK(digests[0].size() == 64);
  CHECK(digests[0] == digests[1]);
}

TEST_CASE("a damaged file or a folder that cannot be made is refused", "[bench][generated]") {
  const test::TempFolder folder;
  const auto path = kept_dataset("pixel-pendulum", small, 3, {.folder = folder / "a"}).h5().path();
  test::write_bytes(path, test::flipped(test::read_bytes(path), 2000));
  CHECK_THROWS_AS(kept_dataset("pixel-pendulum", small, 3, {.folder = folder / "a"}),
                  base::DataError);
  test::write_bytes(folder / "b", "in the way");
  CHECK_THROWS_WITH(kept_dataset("pixel-pendulum", small, 3, {.folder = folder / "b"}),
                    Catch::StartsWith("the folder '" + (folder / "b").string() + "'"));
}
