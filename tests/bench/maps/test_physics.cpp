#include "bench/maps/physics.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

namespace noether::bench {
namespace {

// fifty steps that are integrated to 1e-14 each
constexpr double conserved = 1e-11;

double momentum_drift(const Charges& charges, const ChargeCurves& curves) {
  return std::ranges::max(momentum_change(charges, curves));
}
double angular_drift(const Charges& charges, const ChargeCurves& curves) {
  return std::ranges::max(angular_change(charges, curves));
}

}  // namespace

TEST_CASE("two bodies exchange momentum and angular momentum, and keep the sums", "[bench][maps]") {
  for (const std::uint64_t seed : {0, 1, 2, 10}) {
    const Charges charges = two_bodies(seed).charges;
    REQUIRE(charges.points.size() == 51);
    CHECK(momentum_drift(charges, charges.all) < conserved);
    CHECK(angular_drift(charges, charges.all) < conserved);
    CHECK(std::abs(charges.all.momentum_x[0]) > 0.01 * charges.momentum_size);
    for (const ChargeCurves& one : charges.of_cluster) {
      CHECK(momentum_drift(charges, one) > 0.1);
      CHECK(angular_drift(charges, one) > 0.01);
    }
  }
}

TEST_CASE("n r x t of a ray in a lens stays, r x t and the momentum n t do not", "[bench][maps]") {
  for (const std::uint64_t seed : {0, 1, 2, 10}) {
    const Charges charges = light_in_lens(seed).charges;
    REQUIRE(charges.points.size() == 51);
    CHECK(angular_drift(charges, charges.all) < conserved);
    CHECK(std::abs(charges.all.angular[0]) > 0.1);
    CHECK(angular_drift(charges, charges.of_cluster.at(0)) > 0.03);
    CHECK(momentum_drift(charges, charges.all) > 0.1);
    // r = r0 cos u + n t0 sin u: the orbit of an isotropic oscillator, through (1, 0)
    const auto first = charges.points.front().to_vector();
    for (const auto& point : charges.points) {
      const auto at = point.to_vector();
      const double cos_u = at[1] / first[1], sin_u = at[0] - first[0] * cos_u;
      CHECK(cos_u * cos_u + sin_u * sin_u == Approx(1).epsilon(1e-11));
      CHECK(std::hypot(at[0], at[1]) < 1 + 1e-12);  // still in the lens
    }
  }
}

}  // namespace noether::bench
