#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <stdexcept>

#include "base/error.h"
#include "base/output_file.h"
#include "tests/support/file_bytes.h"
#include "tests/support/temp_folder.h"

namespace noether::base {

namespace fs = std::filesystem;

TEST_CASE("a new file may be made in a folder that exists", "[base][output]") {
  const test::TempFolder folder;
  CHECK_NOTHROW(check_output_file(folder / "a", false));
  CHECK_THROWS_AS(check_output_file(folder / "none/a", true), DataError);
}

TEST_CASE("a regular file is replaced only when asked", "[base][output]") {
  const test::TempFolder folder;
  test::write_bytes(folder / "a", "old");
  CHECK_THROWS_WITH(check_output_file(folder / "a", false),
                    Catch::Contains("--overwrite replaces it"));
  CHECK_NOTHROW(check_output_file(folder / "a", true));
}

TEST_CASE("links, pipes and folders are never replaced", "[base][output]") {
  const test::TempFolder folder;
  test::write_bytes(folder / "a", "old");
  fs::create_symlink(folder / "a", folder / "link");
  fs::create_directory(folder / "sub");
  REQUIRE(mkfifo((folder / "pipe").c_str(), 0600) == 0);
  for (const char* name : {"link", "sub", "pipe"}) {
    CHECK_THROWS_AS(check_output_file(folder / name, true), DataError);
  }
}

TEST_CASE("the input is never replaced, whatever it is called", "[base][output]") {
  const test::TempFolder folder;
  test::write_bytes(folder / "a", "measured");
  CHECK_THROWS_WITH(check_output_file(folder / "a", true, folder.path() / "." / "a"),
                    Catch::Contains("is the input"));
}

TEST_CASE("a write that fails leaves the old file and nothing else", "[base][output]") {
  const test::TempFolder folder;
  test::write_bytes(folder / "a", "old");
  const auto fail = [](const fs::path& temporary) {
    test::write_bytes(temporary, "half");
    throw std::runtime_error("no more");
  };
  CHECK_THROWS_WITH(write_whole(folder / "a", folder / "b", fail), "no more");
  CHECK(test::read_bytes(folder / "a") == "old");
  CHECK_FALSE(fs::exists(folder / "b"));
}

TEST_CASE("a write that succeeds takes the place of the old file", "[base][output]") {
  const test::TempFolder folder;
  test::write_bytes(folder / "a", "old");
  write_whole(folder / "a", folder / "b",
              [](const fs::path& temporary) { test::write_bytes(temporary, "new"); });
  CHECK(test::read_bytes(folder / "a") == "new");
  CHECK_FALSE(fs::exists(folder / "b"));
}

}  // namespace noether::base
