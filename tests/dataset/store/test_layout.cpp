#include "dataset/store/layout.h"

#include <catch2/catch.hpp>

#include "tests/support/properties.h"

using namespace noether;
using dataset::ElementType;

namespace {

dataset::Array random_array() {
  const auto type = *rc::gen::element(ElementType::u1, ElementType::f4, ElementType::f8);
  dataset::Shape shape;
  const int rank = *rc::gen::inRange(1, 5);
  for (int i = 0; i < rank; ++i) shape.push_back(*rc::gen::inRange<std::int64_t>(0, 700));
  const bool compressed = rank > 1 && *rc::gen::arbitrary<bool>();
  return {.path = "a", .type = type, .shape = shape, .attributes = {}, .compressed = compressed};
}

dataset::Array of_shape(dataset::Shape shape, bool compressed = false) {
  return {.path = "a", .shape = std::move(shape), .attributes = {}, .compressed = compressed};
}

}  // namespace

TEST_CASE("a chunk has at least one element and no extent beyond the array's", "[store][layout]") {
  CHECK(test::holds("extents", 500, [] {
    const auto array = random_array();
    const auto chunk = dataset::chunk_shape(array);
    RC_ASSERT(chunk.size() == array.shape.size());
    for (std::size_t i = 0; i < chunk.size(); ++i) {
      RC_ASSERT(chunk[i] >= 1);
      RC_ASSERT(chunk[i] <= std::max<std::int64_t>(array.shape[i], 1));
    }
  }));
}

TEST_CASE("a chunk is a slab: axes behind the second are whole", "[store][layout]") {
  CHECK(test::holds("slab", 500, [] {
    const auto array = random_array();
    const auto chunk = dataset::chunk_shape(array);
    for (std::size_t i = 2; i < chunk.size(); ++i)
      RC_ASSERT(chunk[i] == std::max<std::int64_t>(array.shape[i], 1));
  }));
}

TEST_CASE("a chunk holds at most one MiB unless a single slice is larger", "[store][layout]") {
  CHECK(test::holds("size", 500, [] {
    const auto array = random_array();
    const auto chunk = dataset::chunk_shape(array);
    const auto bytes =
        dataset::element_count(chunk) * static_cast<std::int64_t>(element_bytes(array.type));
    const bool one_slice = chunk[0] == 1 && (chunk.size() == 1 || chunk[1] == 1);
    RC_ASSERT(bytes <= (1 << 20) || one_slice);
  }));
}

TEST_CASE("small rows share a chunk of nearly one MiB", "[store][layout]") {
  // a row of 45 x 2 doubles is 720 bytes: 1456 of them fit
  CHECK(dataset::chunk_shape(of_shape({5000, 45, 2})) == dataset::Shape{1456, 45, 2});
}

TEST_CASE("a row above one MiB is split along its second axis", "[store][layout]") {
  CHECK(dataset::chunk_shape(of_shape({3, 1'000'000, 2})) == dataset::Shape{1, 65536, 2});
}

TEST_CASE("compressed frames are chunked by 16, by fewer where 16 exceed one MiB",
          "[store][layout]") {
  auto video = of_shape({10, 201, 64, 64, 3}, true);
  video.type = ElementType::u1;
  CHECK(dataset::chunk_shape(video) == dataset::Shape{1, 16, 64, 64, 3});
  video.shape = {10, 201, 500, 500, 3};  // one frame is 0.7 MiB
  CHECK(dataset::chunk_shape(video) == dataset::Shape{1, 1, 500, 500, 3});
}

TEST_CASE("a scalar has one element and no chunk", "[store][layout]") {
  CHECK(dataset::element_count(of_shape({}).shape) == 1);
  CHECK(dataset::chunk_shape(of_shape({})).empty());
}

TEST_CASE("a shape is printed as NumPy prints it for ranks above one", "[store][layout]") {
  CHECK(dataset::shape_text(dataset::Shape{50, 45, 2}) == "(50, 45, 2)");
  CHECK(dataset::shape_text(dataset::Shape{}) == "()");
}
