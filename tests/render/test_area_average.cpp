#include "render/gym/area_average.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

#include "base/error.h"
#include "render/gym/pendulum_frame.h"

namespace noether::render {
namespace {

Image random_image(int size_px) {
  std::mt19937 random(5);
  Image image{size_px, size_px, {}};
  for (int i = 0; i < size_px * size_px * 3; ++i) {
    image.rgb.push_back(static_cast<std::uint8_t>(random() >> 24));
  }
  return image;
}

// Every pixel cut into size x size equal pieces: cell sums by counting alone.
Image average_by_counting(const Image& image, int size_px) {
  const int n = image.width_px;
  Image small{size_px, size_px, {}};
  for (int row = 0; row < size_px; ++row) {
    for (int column = 0; column < size_px; ++column) {
      for (int c = 0; c < 3; ++c) {
        std::uint64_t sum = 0;
        for (int y = row * n; y < (row + 1) * n; ++y) {
          for (int x = column * n; x < (column + 1) * n; ++x) {
            sum += image.rgb[static_cast<std::size_t>((y / size_px * n + x / size_px) * 3 + c)];
          }
        }
        const auto total = static_cast<std::uint64_t>(n * n);
        const std::uint64_t twice = 2 * sum;
        // nearest; a tie goes to the even neighbour
        std::uint64_t nearest = (twice + total) / (2 * total);
        if ((twice + total) % (2 * total) == 0 && nearest % 2 == 1) --nearest;
        small.rgb.push_back(static_cast<std::uint8_t>(nearest));
      }
    }
  }
  return small;
}

}  // namespace

TEST_CASE("area averages agree with counting pieces of pixels", "[render][average]") {
  const Image image = random_image(20);
  for (const int size_px : {1, 3, 8, 13, 16, 19, 20}) {
    CAPTURE(size_px);
    CHECK(area_average(image, size_px) == average_by_counting(image, size_px));
  }
}

TEST_CASE("averaging to the same size changes nothing", "[render][average]") {
  const Image image = random_image(31);
  CHECK(area_average(image, 31) == image);
}

TEST_CASE("halves round to even", "[render][average]") {
  CHECK(round_half_even(1, 2) == 0);
  CHECK(round_half_even(3, 2) == 2);
  CHECK(round_half_even(5, 2) == 2);
  CHECK(round_half_even(7, 2) == 4);
  CHECK(round_half_even(5, 3) == 2);
  CHECK(round_half_even(4, 3) == 1);
}

TEST_CASE("the weights of a cell sum to the image size", "[render][average]") {
  for (const int size_px : {8, 37, 64, 100, 499, 500}) {
    for (int cell = 0; cell < size_px; ++cell) {
      const CellShare share = cell_share(cell, 500, size_px);
      const int between = std::max(0, share.last - share.first - 2);
      const auto sum =
          share.first_weight + share.last_weight + static_cast<std::uint32_t>(between * size_px);
      REQUIRE(sum == 500);
    }
  }
}

TEST_CASE("averaging conserves the amount of ink", "[render][average]") {
  const Image image = pendulum_frame(1.2, 1.7);
  const auto mean = [](const Image& picture) {
    double sum = 0;
    for (const std::uint8_t value : picture.rgb) sum += value;
    return sum / static_cast<double>(picture.rgb.size());
  };
  for (const int size_px : {8, 64, 100}) {
    // each cell is off by at most half a grey level, and the white ones by nothing
    CHECK(mean(area_average(image, size_px)) == Approx(mean(image)).margin(0.25));
  }
  REQUIRE(mean(image) < 254.5);
}

TEST_CASE("the averager of rows of cells equals the plain average", "[render][average]") {
  const Image image = random_image(60);
  for (const int size_px : {7, 8, 30, 59, 60}) {
    CellAverager averager(60, size_px);
    std::vector<std::uint8_t> cells(static_cast<std::size_t>(size_px * size_px * 3));
    for (int row = 0; row < size_px; ++row) averager.average(image, row, 0, size_px, cells);
    CHECK(cells == area_average(image, size_px).rgb);
  }
}

TEST_CASE("an average to more cells than pixels is refused", "[render][average]") {
  CHECK_THROWS_AS(area_average(random_image(4), 5), base::UsageError);
  CHECK_THROWS_AS(area_average(random_image(4), 0), base::UsageError);
}

}  // namespace noether::render
