#include "bench/maps/matrix_charge.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "learn/autodiff/ops.h"

namespace noether::bench {
namespace {

using learn::Params;
using learn::Tensor;

MapScene linear_scene(std::uint64_t seed) { return map_scene("linear", seed); }

}  // namespace

TEST_CASE("the charge of linear layers has two sides, at any weights", "[bench][maps]") {
  for (const std::uint64_t seed : {0, 1, 2}) {
    const MapScene scene = linear_scene(seed);
    const Params maps = initial_maps(scene, seed);
    const MatrixCharge charge = matrix_charge_of(scene, maps, charges_of(scene, maps));
    CHECK(charge.identity < 1e-12);  // the promise; some hundred roundings are 1e-14
    CHECK(charge.imbalance > 0.1);   // nothing has balanced them
  }
}

TEST_CASE("the two sides differ where the cotangents are those of other weights", "[bench][maps]") {
  const MapScene scene = linear_scene(0);
  const Charges others = charges_of(scene, initial_maps(scene, 1));
  CHECK(matrix_charge_of(scene, initial_maps(scene, 0), others).identity > 1e-3);
}

TEST_CASE("linear layers keep D of every cluster at any weights, and P of none", "[bench][maps]") {
  const MapScene scene = linear_scene(3);
  const Charges charges = charges_of(scene, initial_maps(scene, 3));
  for (const ChargeCurves& curves : charges.of_cluster) {
    const auto [least, most] = std::ranges::minmax(curves.scaling);
    CHECK(most - least < 1e-13 * charges.angular_size);
    CHECK(std::abs(most) > 1e-3 * charges.angular_size);
    CHECK(std::ranges::max(momentum_change(charges, curves)) > 0.1);
  }
}

TEST_CASE("trained linear layers are balanced, and keep J", "[bench][maps]") {
  const MapScene scene = linear_scene(2);
  const Params start = initial_maps(scene, 2);
  const Params trained = trained_maps(scene, start, 300, 300);
  const Charges before = charges_of(scene, start), after = charges_of(scene, trained);
  const MatrixCharge first = matrix_charge_of(scene, start, before),
                     last = matrix_charge_of(scene, trained, after);
  CHECK(last.identity < 1e-12);
  CHECK(last.imbalance < 0.01 * first.imbalance);
  CHECK(std::ranges::max(angular_change(after, after.all)) <
        0.01 * std::ranges::max(angular_change(before, before.all)));
  // they have not become zero, which is balanced too
  CHECK(data_loss(scene, trained).item() < 0.5 * data_loss(scene, start).item());
}

}  // namespace noether::bench
