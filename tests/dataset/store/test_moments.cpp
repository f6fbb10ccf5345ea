#include "dataset/store/moments.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "tests/support/properties.h"

using namespace noether;
using dataset::Array;
using dataset::Moments;

namespace {

Array pairs(std::int64_t rows) {
  return {.path = "x", .shape = {rows, 2}, .attributes = {}, .axes = {"trajectory", "coordinate"}};
}

const std::vector<double>& numbers(const dataset::Attribute& attribute) {
  return std::get<std::vector<double>>(attribute.value);
}

}  // namespace

TEST_CASE("moments of blocks are those of the whole, however far from zero", "[store][moments]") {
  CHECK(test::holds("moments", 100, [] {
    // an offset of 1e8 leaves a sum of squares no digit of a unit's variance
    const double offset = *rc::gen::element(0.0, 1.0, 1e8);
    const auto raw = *rc::gen::nonEmpty<std::vector<std::int16_t>>();
    std::vector<double> values;
    for (const auto v : raw) values.insert(values.end(), {offset + v * 1e-4, -offset + v * 1e-3});
    Moments moments(pairs(static_cast<std::int64_t>(raw.size())));
    const std::span<const double> all(values);
    for (std::size_t at = 0; at < values.size();) {
      const std::size_t rows = *rc::gen::inRange<std::size_t>(1, 5);
      const auto block = all.subspan(at, std::min(2 * rows, values.size() - at));
      moments.add(std::as_bytes(block));
      at += block.size();
    }
    long double mean = 0, squares = 0;
    for (const auto v : raw) mean += v;
    mean /= static_cast<long double>(raw.size());
    for (const auto v : raw) squares += (v - mean) * (v - mean);
    const double deviation =
        static_cast<double>(std::sqrt(squares / static_cast<long double>(raw.size())));
    const auto found = moments.attributes();
    RC_ASSERT(found.at(0).name == "mean");
    RC_ASSERT(found.at(1).name == "std");
    // numbers near 1e8 are stored to 1e-8
    const double exact = 1e-12 + 2e-8 * (offset > 1);
    RC_ASSERT(std::abs(numbers(found[0])[0] - offset - 1e-4 * static_cast<double>(mean)) <
              exact + 1e-15 * offset);
    RC_ASSERT(std::abs(numbers(found[1])[0] - 1e-4 * deviation) < exact);
    RC_ASSERT(std::abs(numbers(found[1])[1] - 1e-3 * deviation) < 1e-11 + exact);
  }));
}

TEST_CASE("a block that comes in pieces has the moments, to the last bit, of the whole block",
          "[store][moments]") {
  CHECK(test::holds("same bits", 100, [] {
    std::vector<double> values(60);
    for (double& value : values) value = *rc::gen::inRange(-1000000, 1000000) * 1e-7;
    values[0] = std::numeric_limits<double>::infinity();
    const auto all = std::as_bytes(std::span(values));
    constexpr std::size_t block = 20 * sizeof(double), row = 2 * sizeof(double);
    Moments whole(pairs(30)), in_pieces(pairs(30));
    for (std::size_t at = 0; at < all.size(); at += block) {
      whole.add(all.subspan(at, block));
      const std::size_t cut = *rc::gen::inRange<std::size_t>(0, 11) * row;
      in_pieces.add_piece(all.subspan(at, cut));
      in_pieces.add_piece(all.subspan(at + cut, block - cut));
      in_pieces.end_block();
    }
    for (const std::size_t k : {0U, 1U})
      RC_ASSERT(numbers(whole.attributes().at(k)) == numbers(in_pieces.attributes().at(k)));
  }));
}

TEST_CASE("numbers that are not finite have no part in the moments", "[store][moments]") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  Moments moments(pairs(3));
  const std::vector<double> values{nan, 1, 2, nan, 4, 5};
  moments.add(std::as_bytes(std::span(values)));
  CHECK(numbers(moments.attributes().at(0)) == std::vector<double>{3, 3});
  CHECK(numbers(moments.attributes().at(1)) == std::vector<double>{1, 2});
  Moments none(pairs(1));
  const std::vector<double> missing{nan, nan};
  none.add(std::as_bytes(std::span(missing)));
  CHECK(none.attributes().empty());
}

TEST_CASE("moments of colors are exact, of bright films of any length too", "[store][moments]") {
  const auto film = [](std::int64_t pixels) {
    return Array{.path = "pixels",
                 .type = dataset::ElementType::u1,
                 .shape = {pixels, 3},
                 .attributes = {},
                 .axes = {"episode", "channel"}};
  };
  Moments few(film(2));
  const std::vector<std::uint8_t> colors{0, 10, 255, 4, 10, 251};
  few.add(std::as_bytes(std::span(colors)));
  CHECK(numbers(few.attributes().at(0)) == std::vector<double>{2, 10, 253});
  CHECK(numbers(few.attributes().at(1)) == std::vector<double>{2, 0, 2});
  // 32 bits hold the squares of 66,051 bright pixels
  constexpr std::int64_t pixels = 64 * 70000;
  Moments white(film(pixels));
  white.add(std::vector<std::byte>(3 * pixels, std::byte{255}));
  CHECK(numbers(white.attributes().at(0)) == std::vector<double>(3, 255));
  CHECK(numbers(white.attributes().at(1)) == std::vector<double>(3, 0));
}
