#include "bench/data/points.h"

#include <catch2/catch.hpp>

#include "base/error.h"
#include "tests/support/file_bytes.h"
#include "tests/support/temp_folder.h"

namespace noether::bench {
namespace {

using Values = std::vector<double>;

std::string refusal_of(const std::string& table) {
  const test::TempFolder folder;
  const std::string path = folder / "points.csv";
  test::write_bytes(path, table);
  return test::message_of<base::DataError>([&] { load_points(path, false); });
}

}  // namespace

TEST_CASE("points of a table: the first four fifths train", "[bench][points]") {
  const test::TempFolder folder;
  const std::string path = folder / "points.csv";
  test::write_bytes(path, "a,b\n1,2\n3,4\nNA,0\n5,6\n7,8\n9,10\n");
  const Points points = load_points(path, false);
  CHECK(points.coordinates == std::vector<std::string>{"a", "b"});
  CHECK(points.train.to_vector() == Values{1, 2, 3, 4, 5, 6, 7, 8});
  CHECK(points.test.to_vector() == Values{9, 10});
  CHECK(with_all_as_test(points).test.to_vector() == Values{1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
  CHECK_NOTHROW(check_coordinates(points, {"a", "b"}, "m.h5"));
  CHECK(test::message_of<base::DataError>([&] { check_coordinates(points, {"a"}, "m.h5"); }) ==
        "'m.h5' is of the coordinates a, but '" + path + "' has a, b");
}

TEST_CASE("points without a spread are refused", "[bench][points]") {
  CHECK_THAT(refusal_of("a,b\n1,2\n3,2\n5,2\n"),
             Catch::EndsWith(": b is 2 at all train points, so there is no density over it"));
  CHECK_THAT(refusal_of("a\n1\n"), Catch::EndsWith("has 0 train points; at least two are needed"));
}

}  // namespace noether::bench
