#include "base/pack_sincos.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "base/random.h"

namespace noether::base {
namespace {

// The largest error of sine and cosine over random angles within +-range, in units of 2^-53, half
// the spacing of doubles just below 1.
double worst_error(double range) {
  RandomStream random(1, Purpose::noise, 0);
  double worst = 0;
  for (int trial = 0; trial < 5000; ++trial) {
    std::array<double, pack_lanes> angles{};
    for (double& angle : angles) angle = random.uniform(-range, range);
    const SinCos both = sincos(load(angles));
    const auto sine = lanes(both.sin);
    const auto cosine = lanes(both.cos);
    for (std::size_t i = 0; i < pack_lanes; ++i) {
      const auto angle = static_cast<long double>(angles[i]);
      worst = std::max(worst, static_cast<double>(std::abs(sine[i] - std::sin(angle))));
      worst = std::max(worst, static_cast<double>(std::abs(cosine[i] - std::cos(angle))));
    }
  }
  return worst * 0x1p53;
}

}  // namespace

TEST_CASE("sine and cosine of a pack are good to the last place", "[base][pack_sincos]") {
  // half a place for the result, half for the reduced angle, a little for the polynomials
  CHECK(worst_error(1) < 1.5);
  CHECK(worst_error(10) < 1.5);
  CHECK(worst_error(1e5) < 1.5);
  CHECK(worst_error(1e9) < 1.5);
}

TEST_CASE("near multiples of pi / 2 the small one of the two keeps its digits",
          "[base][pack_sincos]") {
  for (int n = 1; n < 2000; n += 7) {
    const double angle = n * 1.5707963267948966;
    const SinCos both = sincos(broadcast(angle));
    const double small = n % 2 == 0 ? lanes(both.sin)[0] : lanes(both.cos)[0];
    const double truth = n % 2 == 0 ? std::sin(angle) : std::cos(angle);
    REQUIRE(std::abs(truth) < 1e-10);
    // pi / 2 is known to 107 bits, the quadrant number takes up to 11, and truth has 2^-42 or less
    CHECK(small == Approx(truth).epsilon(1e-12).margin(0));
  }
}

TEST_CASE("a lane's sine does not depend on the other lanes", "[base][pack_sincos]") {
  std::array<double, pack_lanes> angles{};
  angles.fill(0.7);
  const double alone = lanes(sincos(load(angles)).sin)[5];
  for (std::size_t i = 0; i < pack_lanes; ++i) {
    if (i != 5) angles[i] = i % 2 == 0 ? 1e300 : NAN;
  }
  CHECK(lanes(sincos(load(angles)).sin)[5] == alone);
}

TEST_CASE("the multiply-add of a pack rounds once", "[base][pack]") {
  // (1 + e)(1 - e) - 1 = -e^2, which a product rounded first would lose
  const double e = 0x1p-30;
  const auto result = lanes(fma(broadcast(1 + e), broadcast(1 - e), broadcast(-1.0)));
  for (const double lane : result) CHECK(lane == -e * e);
}

}  // namespace noether::base
