#include "dataset/exchange/diff.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <limits>

#include "base/error.h"
#include "dataset/store/writer.h"
#include "tests/support/dataset_copy.h"
#include "tests/support/file_bytes.h"
#include "tests/support/small_datasets.h"
#include "tests/support/temp_folder.h"

using namespace noether;
using dataset::ArrayStatus;
using dataset::Layout;

namespace {

constexpr double no_number = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

template <class T>
dataset::Array array(const std::string& path, const std::vector<T>& values,
                     dataset::Shape shape = {}) {
  if (shape.empty()) shape = {static_cast<std::int64_t>(values.size())};
  return {.path = path,
          .type = dataset::element_type_of<T>(),
          .shape = shape,
          .attributes = {},
          .content = dataset::to_bytes<T>(values)};
}

dataset::Array text_array(const std::string& path, const std::vector<std::string>& text) {
  return {.path = path,
          .type = dataset::ElementType::text,
          .shape = {static_cast<std::int64_t>(text.size())},
          .attributes = {},
          .text = text};
}

dataset::Diff diff_of(const Layout& a, const Layout& b, double tolerance = 0) {
  const test::TempFolder folder;
  dataset::write_dataset(a, folder / "a.h5");
  dataset::write_dataset(b, folder / "b.h5");
  return dataset::diff(folder / "a.h5", folder / "b.h5", {.tolerance = tolerance});
}

// two files of one array each
template <class T>
dataset::ArrayDifference compare(const std::vector<T>& a, const std::vector<T>& b,
                                 double tolerance = 0) {
  const auto diff = diff_of({.attributes = {}, .arrays = {array("x", a)}},
                            {.attributes = {}, .arrays = {array("x", b)}}, tolerance);
  return diff.arrays.at(0);
}

}  // namespace

TEST_CASE("a dataset equals itself, and one of another seed differs from it", "[dataset][diff]") {
  const test::TempFolder folder;
  test::generate(test::small_springs(), folder / "a.h5");
  test::generate(test::small_springs({{"seed", "1"}}), folder / "b.h5");
  const auto same = dataset::diff(folder / "a.h5", folder / "a.h5");
  CHECK(same.equal());
  CHECK(same.attributes.empty());
  CHECK(same.arrays.size() > 5);
  const auto other = dataset::diff(folder / "a.h5", folder / "b.h5");
  CHECK_FALSE(other.equal());
  CHECK(other.array_differences() > 0);
  CHECK(other.attribute_differences() == 0);
}

TEST_CASE("the largest difference is found with its place", "[dataset][diff]") {
  std::vector<double> a(24, 1.0);
  auto b = a;
  b[5] = 1.25;
  b[17] = 0.5;  // [1, 1, 1] of (2, 4, 3) is 12 + 3 + 1 = 16, so 17 is [1, 1, 2]
  const auto diff = diff_of({.attributes = {}, .arrays = {array("x", a, {2, 4, 3})}},
                            {.attributes = {}, .arrays = {array("x", b, {2, 4, 3})}});
  const auto& x = diff.arrays.at(0);
  CHECK(x.status == ArrayStatus::differs);
  CHECK(x.differing == 2);
  CHECK(x.largest == 0.5);
  CHECK(x.at == dataset::Shape{1, 1, 2});
  CHECK(x.first == "1");
  CHECK(x.second == "0.5");
}

TEST_CASE("numbers within the tolerance are equal, and their difference is told all the same",
          "[dataset][diff]") {
  const auto x = compare<double>({1, 2}, {1, 2.25}, 0.25);
  CHECK(x.status == ArrayStatus::equal);
  CHECK(x.largest == 0.25);
  CHECK(compare<double>({2}, {2.25}, 0.2).status == ArrayStatus::differs);
}

TEST_CASE("without tolerance the bits must be the same", "[dataset][diff]") {
  CHECK(compare<double>({1}, {std::nextafter(1.0, 2.0)}).status == ArrayStatus::differs);
  CHECK(compare<double>({0.0}, {-0.0}).status == ArrayStatus::differs);
  CHECK(compare<double>({0.0}, {-0.0}, 1e-300).status == ArrayStatus::equal);
}

TEST_CASE("NaN equals NaN of any bits and no number", "[dataset][diff]") {
  CHECK(compare<double>({no_number}, {-no_number}).status == ArrayStatus::equal);
  const auto y = compare<double>({1, no_number, 3}, {1, 2, 7}, 5);
  CHECK(y.differing == 1);
  CHECK(y.largest == infinity);
  CHECK(y.at == dataset::Shape{1});
  CHECK(compare<double>({infinity}, {infinity}).status == ArrayStatus::equal);
  CHECK(compare<double>({infinity}, {-infinity}, 1).status == ArrayStatus::differs);
}

TEST_CASE("integers are compared exactly over their whole range", "[dataset][diff]") {
  const auto most = std::numeric_limits<std::int64_t>::max();
  const auto least = std::numeric_limits<std::int64_t>::min();
  CHECK(compare<std::int64_t>({most}, {most - 1}).largest == 1);
  CHECK(compare<std::int64_t>({most}, {least}).largest == 18446744073709551615.0);
  CHECK(compare<std::int64_t>({-1}, {1}).largest == 2);
  CHECK(compare<std::uint8_t>({0}, {255}).largest == 255);
}

TEST_CASE("arrays of one file, of another shape or type differ", "[dataset][diff]") {
  const std::vector<double> one{1};
  const Layout a{.attributes = {},
                 .arrays = {array("a", one), array("shape", one), array("type", one)}};
  const Layout b{
      .attributes = {},
      .arrays = {array("b", one), array<double>("shape", {1, 1}), array<float>("type", {1})}};
  const auto diff = diff_of(a, b, 1000);
  REQUIRE(diff.arrays.size() == 4);
  CHECK(diff.arrays[0].status == ArrayStatus::only_in_first);
  CHECK(diff.arrays[1].status == ArrayStatus::only_in_second);
  CHECK(diff.arrays[2].status == ArrayStatus::other_shape);
  CHECK(diff.arrays[2].second == "(2)");
  CHECK(diff.arrays[3].status == ArrayStatus::other_type);
  CHECK(diff.arrays[3].second == "float32");
  CHECK(diff.array_differences() == 4);
}

TEST_CASE("texts differ where a letter does, those of provenance without counting",
          "[dataset][diff]") {
  const auto diff = diff_of(
      {.attributes = {},
       .arrays = {text_array("provenance/config", {"a"}), text_array("policy", {"p", "q"})}},
      {.attributes = {},
       .arrays = {text_array("provenance/config", {"b"}), text_array("policy", {"p", "r"})}});
  const auto& policy = diff.arrays.at(0);
  CHECK(policy.status == ArrayStatus::differs);
  CHECK(policy.differing == 1);
  CHECK(policy.at == dataset::Shape{1});
  CHECK(policy.second == "r");
  CHECK(diff.arrays.at(1).status == ArrayStatus::differs);
  CHECK_FALSE(diff.arrays.at(1).counts);
  CHECK(diff.array_differences() == 1);
}

TEST_CASE("attributes count, but for those that tell how a file was made", "[dataset][diff]") {
  auto x = array<double>("x", {1});
  x.attributes = {{"units", std::string("m")}};
  const Layout a{.attributes = {{"g", 10.0}, {"seed", std::uint64_t{1}}}, .arrays = {x}};
  x.attributes = {{"units", std::string("km")}};
  const Layout b{.attributes = {{"g", 10.5}, {"seed", std::uint64_t{2}}, {"new", true}},
                 .arrays = {x}};
  const auto diff = diff_of(a, b);
  const auto of = [&](const std::string& name) {
    const auto found =
        std::ranges::find(diff.attributes, name, &dataset::AttributeDifference::name);
    REQUIRE(found != diff.attributes.end());
    return *found;
  };
  CHECK(of("g").first == "10");
  CHECK(of("new").first == "(missing)");
  CHECK(of("units").object == "x");
  CHECK_FALSE(of("seed").counts);
  CHECK(diff.attribute_differences() == 3);
  CHECK(diff.array_differences() == 0);
  CHECK_FALSE(diff.equal());
  CHECK(diff_of(a, b, 0.5).attribute_differences() == 2);  // now g is within the tolerance
}

TEST_CASE("arrays of many pieces are compared to the end", "[dataset][diff]") {
  std::vector<double> a(3 << 20, 0.5);  // 24 MiB
  auto b = a;
  b.back() = 0.75;
  const auto rows = static_cast<std::int64_t>(a.size()) / 4;
  const auto diff = diff_of({.attributes = {}, .arrays = {array("x", a, {rows, 4})}},
                            {.attributes = {}, .arrays = {array("x", b, {rows, 4})}});
  CHECK(diff.arrays.at(0).differing == 1);
  CHECK(diff.arrays.at(0).at == dataset::Shape{rows - 1, 3});
}

TEST_CASE(
    "diff refuses tolerances that are no finite number of at least 0, and files that are none",
    "[dataset][diff]") {
  const test::TempFolder folder;
  const auto path = folder / "a.h5";
  dataset::write_dataset({.attributes = {}, .arrays = {array<double>("x", {1})}}, path);
  CHECK_THROWS_AS(dataset::diff(path, path, {.tolerance = -1}), base::UsageError);
  CHECK_THROWS_AS(dataset::diff(path, path, {.tolerance = no_number}), base::UsageError);
  CHECK_THROWS_AS(dataset::diff(path, path, {.tolerance = infinity}), base::UsageError);
  CHECK_THROWS_AS(dataset::diff(path, folder / "missing.h5"), base::DataError);
  test::write_bytes(folder / "text.h5", "not HDF5");
  CHECK_THROWS_AS(dataset::diff(path, folder / "text.h5"), base::DataError);
}
