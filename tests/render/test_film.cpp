#include "render/films/film.h"

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <set>

#include "base/error.h"
#include "render/films/pixel_noise.h"

namespace noether::render {
namespace {

constexpr int size = 48;
using Frames = std::vector<std::uint8_t>;

// A mass on a spring that goes through four places.
const std::vector<double> states{0.8, 0, 0.3, 0, -0.2, 0, -0.7, 0};
const std::vector<double> constants{2, 0.5, 0};

Frames film_of(FilmOptions options, std::uint64_t seed = 0, std::uint64_t index = 0) {
  options.size_px = size;
  return film(*known_scene("spring"), states, 2, constants, options, seed, index);
}

std::size_t place(int t, int row, int column) {
  return static_cast<std::size_t>((t * size + row) * size + column);
}

Rgb pixel(const Frames& frames, int t, int row, int column) {
  const std::uint8_t* at = frames.data() + 3 * place(t, row, column);
  return {at[0], at[1], at[2]};
}

// column of the mass at q
int column_of(double q) { return static_cast<int>(size * (0.5 + q / 3.2)); }

constexpr Rgb white{255, 255, 255}, blue{0, 114, 178};

}  // namespace

TEST_CASE("grey is the stated weights of red, green and blue", "[render][film]") {
  const FilmOptions drawn{.draws_colors = true, .background = "drawn", .tails = 2};
  FilmOptions grey = drawn;
  grey.channels = 1;
  const Frames colors = film_of(drawn), greys = film_of(grey);
  REQUIRE(greys.size() * 3 == colors.size());
  for (std::size_t i = 0; i < greys.size(); ++i) {
    const double exact =
        0.299 * colors[3 * i] + 0.587 * colors[3 * i + 1] + 0.114 * colors[3 * i + 2];
    REQUIRE(std::abs(greys[i] - exact) <= 0.5 + 1e-9);
  }
  CHECK(std::set(greys.begin(), greys.end()).size() > 20);
}

TEST_CASE("colors, backgrounds and shifts are drawn from streams of their own, for each film",
          "[render][film]") {
  const FilmOptions all{.draws_colors = true, .background = "drawn", .camera_shift = 0.2};
  const auto one = film_style(all, 5, 1), again = film_style(all, 5, 1),
             other = film_style(all, 5, 2);
  CHECK(one.inks == again.inks);
  CHECK(one.inks != other.inks);
  CHECK(one.background != other.background);
  CHECK(one.shift.x != other.shift.x);
  CHECK(one.inks != film_style(all, 6, 1).inks);
  // one without the others
  const auto shifted = film_style({.camera_shift = 0.2}, 5, 1);
  CHECK(shifted.shift.x == one.shift.x);
  CHECK(shifted.shift.y == one.shift.y);
  CHECK(film_style({.background = "drawn"}, 5, 1).background == one.background);
  // fixed ones are the same for all
  CHECK(film_style({}, 5, 1).inks == film_style({}, 6, 7).inks);
}

TEST_CASE("drawn colors are seen on any background", "[render][film]") {
  for (const char* background : {"white", "black", "drawn"}) {
    for (std::uint64_t i = 0; i < 50; ++i) {
      const auto style = film_style({.draws_colors = true, .background = background}, 1, i);
      REQUIRE(style.inks.size() == most_inks);
      for (const Rgb ink : style.inks)
        REQUIRE(std::abs(grey_of(ink) - grey_of(style.background)) >= 64);
    }
  }
}

TEST_CASE("a camera that is shifted shows the same, shifted", "[render][film]") {
  // by chance no whole number of pixels: the mass is looked for where it should be
  const FilmOptions options{.camera_shift = 0.15};
  std::set<int> columns;
  for (std::uint64_t i = 0; i < 12; ++i) {
    const Point shift = film_style(options, 3, i).shift;
    CHECK(std::abs(shift.x) <= 0.15);
    CHECK(std::abs(shift.y) <= 0.15);
    const int column = static_cast<int>(column_of(0.3) + shift.x * size);
    const int row = static_cast<int>(size / 2 - shift.y * size);
    CHECK(pixel(film_of(options, 3, i), 1, row, column) == blue);
    columns.insert(column);
  }
  CHECK(columns.size() > 3);
}

TEST_CASE("a wider view shows the same, smaller", "[render][film]") {
  const Frames wide = film_of({.view = 2});
  CHECK(pixel(wide, 0, size / 2, column_of(0.4)) == blue);
  CHECK(pixel(wide, 0, size / 2, column_of(0.8)) == white);
}

TEST_CASE("tails are the bodies of former frames, the older the fainter", "[render][film]") {
  const Frames plain = film_of({}), tails = film_of({.tails = 2});
  const auto red = [&](const Frames& frames, int t, double q) {
    return pixel(frames, t, size / 2, column_of(q))[0];
  };
  // the mass comes from the right, where nothing else is
  CHECK(red(plain, 3, 0.3) == 255);
  CHECK(red(tails, 3, -0.7) == 0);
  CHECK(red(tails, 3, 0.3) > red(tails, 3, -0.2));
  CHECK(red(tails, 3, 0.3) < 255);
  CHECK(red(tails, 3, 0.8) == 255);  // three frames ago
  CHECK(std::equal(plain.begin(), plain.begin() + size * size * 3, tails.begin()));
}

TEST_CASE("an occluder hides what is behind it, and nothing else", "[render][film]") {
  const Frames plain = film_of({}), hidden = film_of({.occluder = 0.25});
  constexpr Rgb grey{128, 128, 128};
  for (int t = 0; t < 4; ++t) {
    for (int row = 0; row < size; ++row) {
      for (int column = 0; column < size; ++column) {
        const bool behind = column >= 18 && column < 30;  // a quarter of 48, in the middle
        REQUIRE(pixel(hidden, t, row, column) == (behind ? grey : pixel(plain, t, row, column)));
      }
    }
  }
}

TEST_CASE("frame noise has its standard deviation, and a stream of its own", "[render][film]") {
  // on grey 128 nothing is cut off: the bar fills the frame
  FilmOptions options{.occluder = 1, .frame_noise = 10};
  const Frames noisy = film_of(options), other = film_of(options, 0, 1);
  CHECK(noisy == film_of(options));
  CHECK(noisy != other);
  double sum = 0, squares = 0;
  for (const std::uint8_t number : noisy) {
    sum += number - 128.0;
    squares += (number - 128.0) * (number - 128.0);
  }
  const auto count = static_cast<double>(noisy.size());
  // 27,648 numbers: the mean is off by .06, the deviation by .04, one standard error each;
  // rounding adds 1/12 to the variance
  CHECK(std::abs(sum / count) < 0.3);
  CHECK(std::abs(std::sqrt(squares / count - 1.0 / 12) - 10) < 0.25);
  // without noise, what the noise was added to
  options.frame_noise = 0;
  for (const std::uint8_t number : film_of(options)) REQUIRE(number == 128);
}

TEST_CASE("frame noise is normal noise that is rounded and cut off", "[render][film]") {
  for (const double deviation : {0.2, 3.0, 40.0, 255.0}) {
    for (const int number : {0, 100, 254}) {
      INFO("number " << number << ", deviation " << deviation);
      constexpr int draws = 200'000;
      Frames numbers(draws, static_cast<std::uint8_t>(number));
      PixelNoise(deviation, 5, 0, 0).add(numbers);
      std::array<double, 256> counts{};
      for (const std::uint8_t noisy : numbers) ++counts[noisy];
      const auto at_most = [&](int value) {
        if (value < 0) return 0.0;
        return value > 254 ? 1.0
                           : std::erfc(-(value - number + 0.5) / deviation / std::sqrt(2.0)) / 2;
      };
      // Pearson's chi^2 of the values that are expected ten times at least
      double chi2 = 0, degrees = -1, rest = draws, expected_rest = draws;
      for (int value = 0; value < 256; ++value) {
        const double expected = draws * (at_most(value) - at_most(value - 1));
        if (expected < 10) continue;
        const double difference = counts[static_cast<std::size_t>(value)] - expected;
        chi2 += difference * difference / expected;
        degrees += 1;
        rest -= counts[static_cast<std::size_t>(value)];
        expected_rest -= expected;
      }
      CHECK(chi2 < degrees + 5 * std::sqrt(2 * degrees) + 5);
      CHECK(std::abs(rest - expected_rest) < 5 * std::sqrt(expected_rest) + 5);
    }
  }
}

TEST_CASE("the rarest frame noise is six or seven deviations", "[render][film]") {
  for (const double deviation : {0.01, 0.2, 3.0, 20.0}) {
    INFO("deviation " << deviation);
    const PixelNoise noise(deviation, 0, 0, 0);
    for (const std::uint32_t u : {0U, 1U, 0xffffffffU, 0xfffffffeU})
      CHECK(std::abs(noise.of(u)) <= 7 * deviation + 0.5);
    CHECK(noise.of(0) < -5 * deviation + 0.5);
    CHECK(noise.of(0xffffffffU) > 5 * deviation - 0.5);
    CHECK(noise.of(0x80000000U) == 0);
  }
}

TEST_CASE("a range of frames is what the whole film has there", "[render][film]") {
  FilmOptions options{.size_px = 9, .channels = 1, .tails = 2, .frame_noise = 10};
  const auto frames = [&](FrameRange range) {
    return film(*known_scene("spring"), states, 2, constants, options, 3, 1, range);
  };
  for (const int channels : {1, 3}) {
    options.channels = channels;
    const Frames whole = frames({});
    const std::size_t frame = 81 * static_cast<std::size_t>(channels);
    REQUIRE(whole.size() == 4 * frame);
    for (std::size_t first = 0; first <= 4; ++first) {
      Frames joined = frames({.count = first});
      CHECK(joined.size() == first * frame);
      const Frames rest = frames({.first = first});
      joined.insert(joined.end(), rest.begin(), rest.end());
      CHECK(joined == whole);
    }
  }
}

TEST_CASE("a state that is not finite is one sentence", "[render][film]") {
  const std::vector<double> bad{0, std::numeric_limits<double>::infinity()};
  CHECK_THROWS_AS(film(*known_scene("spring"), bad, 2, constants, {}, 0, 0), base::NumericalError);
}

}  // namespace noether::render
