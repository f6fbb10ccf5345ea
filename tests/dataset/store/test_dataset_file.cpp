#include "dataset/store/dataset_file.h"

#include <hdf5.h>

#include <catch2/catch.hpp>

#include "dataset/store/examine.h"
#include "dataset/store/writer.h"
#include "tests/support/file_bytes.h"
#include "tests/support/foreign_file.h"
#include "tests/support/temp_folder.h"

using namespace noether;

namespace {

std::string refusal(const std::filesystem::path& path) {
  return test::message_of<base::DataError>([&] { dataset::open_h5(path); });
}

}  // namespace

TEST_CASE("an HDF5 file made by another program opens after a child process has read it",
          "[store][open]") {
  const test::TempFolder folder;
  test::write_foreign(folder / "f.h5", {{"a", {2, 2}, test::Doubles{1, 2, 3, 4}}});
  CHECK(dataset::probe(folder / "f.h5").state == dataset::FileState::foreign);
  const auto file = dataset::open_h5(folder / "f.h5");
  CHECK(dataset::read_array<double>(file, "a") == std::vector<double>{1, 2, 3, 4});
}

TEST_CASE("another program's file that is cut is refused", "[store][open]") {
  const test::TempFolder folder;
  test::write_foreign(folder / "f.h5", {{"a", {2, 2}, test::Doubles{1, 2, 3, 4}}});
  const std::string bytes = test::read_bytes(folder / "f.h5");
  test::write_bytes(folder / "f.h5", bytes.substr(0, bytes.size() / 2));
  CHECK_THAT(refusal(folder / "f.h5"), Catch::Contains("f.h5' is damaged: "));
}

TEST_CASE("what is no HDF5 file is refused in one clause each", "[store][open]") {
  const test::TempFolder folder;
  test::write_bytes(folder / "empty", "");
  test::write_bytes(folder / "text", "time,angle\n0,1\n");
  CHECK(refusal(folder / "empty").ends_with("/empty' is empty"));
  CHECK(refusal(folder / "text").ends_with("/text' is not an HDF5 file"));
  CHECK(refusal(folder / "none").ends_with("/none' does not exist"));
  CHECK(refusal(folder.path()).ends_with("' is a directory"));
}

TEST_CASE("reading an array as another type names file, array and both types", "[store][open]") {
  const test::TempFolder folder;
  test::write_foreign(folder / "f.h5", {{"a", {1}, test::Doubles{1}}});
  const auto file = dataset::open_h5(folder / "f.h5");
  CHECK(test::message_of<base::DataError>([&] {
          dataset::read_array<float>(file, "a");
        }).ends_with("/f.h5': 'a' holds float64 where float32 was expected"));
}

TEST_CASE("rows that are not there are refused", "[store][open]") {
  const test::TempFolder folder;
  test::write_foreign(folder / "f.h5", {{"a", {2, 1}, test::Doubles{1, 2}}});
  const auto file = dataset::open_h5(folder / "f.h5");
  CHECK_THROWS_AS(file.read_rows("a", 1, 2), base::DataError);
  CHECK_THROWS_AS(file.read_rows("a", -1, 1), base::DataError);
  CHECK_THROWS_AS(file.read_rows("b", 0, 1), base::DataError);
}

TEST_CASE("a group and a path below an array are no arrays", "[store][open]") {
  const test::TempFolder folder;
  test::write_foreign(folder / "f.h5", {{"g/a", {1}, test::Doubles{1}}});
  const auto file = dataset::open_h5(folder / "f.h5");
  CHECK(file.contains("g/a"));
  CHECK_FALSE(file.contains("g"));
  CHECK_FALSE(file.contains("g/a/b"));
}

TEST_CASE("a large array is visited in order, in pieces of whole rows", "[store][open]") {
  const test::TempFolder folder;
  // 24 MiB in rows of 8 MiB: two pieces of at most 16 MiB
  constexpr std::int64_t row = 1 << 20;
  std::vector<double> values(3 * row);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<double>(i);
  test::write_foreign(folder / "f.h5", {{"a", {3, row}, values}});
  const auto file = dataset::H5File::open(folder / "f.h5");
  std::int64_t next = 0;
  dataset::Bytes all;
  file.for_each_piece("a", [&](std::int64_t first, const dataset::Bytes& piece) {
    CHECK(first == next);
    CHECK(piece.size() <= (16U << 20U));
    next += static_cast<std::int64_t>(piece.size()) / (8 * row);
    all.insert(all.end(), piece.begin(), piece.end());
  });
  CHECK(next == 3);
  CHECK(all == dataset::to_bytes<double>(values));
}
