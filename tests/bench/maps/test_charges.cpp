#include "bench/maps/charges.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "base/error.h"
#include "learn/autodiff/ops.h"
#include "learn/autodiff/transforms.h"
#include "tests/learn/noether/comparison.h"

namespace noether::bench {
namespace {

using learn::Params;
using learn::Tensor;

// Turned about the origin by `angle`, rows [n, 2].
Tensor turned(const Tensor& x, double angle) {
  const double c = std::cos(angle), s = std::sin(angle);
  return matmul(x, Tensor::from({c, s, -s, c}, {2, 2}));
}

}  // namespace

TEST_CASE("cotangents are the slopes of the loss by the points", "[bench][maps]") {
  MapScene scene = map_scene("crossing", 4);
  const Params maps = initial_maps(scene, 4);
  const Charges charges = charges_of(scene, maps);
  const Tensor start = scene.start;
  const Tensor slope = learn::grad(
      [&](const Tensor& x) {
        scene.start = x;
        return data_loss(scene, maps);
      },
      start);
  CHECK(test::difference(charges.cotangents.front(), slope) < 1e-14);
  REQUIRE(charges.points.size() == 51);
  CHECK(test::size_of(charges.points.back() - start) > 0.01);
}

TEST_CASE("charges change in every scene by what the slopes say, at any parameters",
          "[bench][maps]") {
  for (const std::string& name : map_scene_names()) {
    for (const std::uint64_t seed : {0, 1, 2}) {
      CAPTURE(name, seed);
      const MapScene scene = map_scene(name, seed);
      const Charges charges = charges_of(scene, initial_maps(scene, seed + 10));
      // nothing is conserved by maps that are not trained
      CHECK(std::ranges::max(angular_change(charges, charges.all)) > 1e-3);
      // a linear map that was moved is none
      if (name == "linear") {
        CHECK_FALSE(charges.momentum_identity);
      } else {
        CHECK(charges.momentum_identity.value() < 1e-14);  // some hundred roundings
        CHECK(std::ranges::max(momentum_change(charges, charges.all)) > 1e-3);
      }
      // bumps that are not round do not turn into each other
      if (name == "anisotropic") {
        CHECK(charges.angular_identity.value() > 1e-4);
      } else {
        CHECK(charges.angular_identity.value() < 1e-14);
      }
    }
  }
}

TEST_CASE("a scene that is moved and turned has the same loss by moved and turned maps",
          "[bench][maps]") {
  const MapScene scene = map_scene("swap", 1);
  const Params maps = initial_maps(scene, 1);
  const double angle = 0.7;
  const Tensor shift = Tensor::from({.3, -.2}, {1, 2});
  MapScene other = scene;
  other.start = turned(scene.start, angle) + shift;
  other.goal = turned(scene.goal, angle) + shift;
  REQUIRE(scene.kind == MapKind::bump);
  const Params moved{{"c", turned(maps["c"], angle) + shift}, {"v", turned(maps["v"], angle)}};
  CHECK(map_loss(other, moved).item() == Approx(map_loss(scene, maps).item()).epsilon(1e-13));
}

TEST_CASE("trained maps conserve what their symmetry asks for, and clusters exchange it",
          "[bench][maps]") {
  const MapScene scene = map_scene("crossing", 2);
  const Params start = initial_maps(scene, 2);
  const Params trained = trained_maps(scene, start, 300, 800);
  CHECK(map_loss(scene, trained).item() < 0.05 * map_loss(scene, start).item());
  const Charges before = charges_of(scene, start), after = charges_of(scene, trained);
  const auto drift = [](const Charges& charges, const ChargeCurves& curves) {
    return std::ranges::max(momentum_change(charges, curves));
  };
  CHECK(drift(after, after.all) < 0.1 * drift(before, before.all));
  CHECK(std::ranges::max(angular_change(after, after.all)) <
        0.1 * std::ranges::max(angular_change(before, before.all)));
  // what one cluster loses the other gains
  CHECK(drift(after, after.of_cluster[0]) > 3 * drift(after, after.all));
  CHECK(drift(after, after.of_cluster[1]) ==
        Approx(drift(after, after.of_cluster[0])).epsilon(0.5));
}

TEST_CASE("an unknown scene is named", "[bench][maps]") {
  CHECK_THROWS_AS(map_scene("swop", 0), base::UsageError);
}

}  // namespace noether::bench
