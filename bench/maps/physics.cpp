#include "bench/maps/physics.h"

#include <array>
#include <cmath>
#include <utility>

#include "sim/integrator.h"
#include "sim/sampling.h"
#include "sim/system.h"

namespace noether::bench {
namespace {

using learn::Tensor;

constexpr int times = 51;

// The states of a system at these times, a row each.
using States = std::vector<std::vector<double>>;

States states_of(const sim::System& system, const std::vector<double>& constants,
                 const std::vector<double>& start, double end) {
  const auto numbers = sim::integrate(system, constants, start, sim::time_grid(0, end, times), {});
  States states;
  const auto dimension = static_cast<std::ptrdiff_t>(system.dimension());
  for (auto at = numbers.begin(); at != numbers.end(); at += dimension)
    states.emplace_back(at, at + dimension);
  return states;
}

Tensor pairs(const std::vector<double>& values) {
  return Tensor::from<double>(values, {std::ssize(values) / 2, 2});
}

}  // namespace

PhysicalMotion two_bodies(std::uint64_t seed) {
  constexpr std::array<double, 2> mass{1, 0.5};
  constexpr double end = 12;  // about a revolution
  const std::vector<double> constants{mass[0], mass[1], 1};
  const sim::System& system = sim::find_system("two-body");
  auto state = sim::sample_initial_states(system, sim::default_values(system.sampling), constants,
                                          seed, 0, 1);
  // x1, y1, x2, y2 and their velocities: another origin, and an observer who moves
  constexpr std::array<double, 8> elsewhere{-.4, .2, -.4, .2, .08, -.04, .08, -.04};
  for (std::size_t i = 0; i < elsewhere.size(); ++i) state[i] += elsewhere[i];

  learn::Tensors places, momenta;
  for (const auto& at : states_of(system, constants, state, end)) {
    places.push_back(pairs({at[0], at[1], at[2], at[3]}));
    momenta.push_back(pairs({mass[0] * at[4], mass[0] * at[5], mass[1] * at[6], mass[1] * at[7]}));
  }
  PhysicalMotion motion{
      .name = "two-body",
      .description = "physics: two bodies under gravity, P and J of each and of both",
      .time_step = end / (times - 1),
      .body = {0, 1}};
  motion.charges = charges_along(std::move(places), std::move(momenta), motion.body);
  return motion;
}

PhysicalMotion light_in_lens(std::uint64_t seed) {
  constexpr double end = 1.7;             // still in the lens
  constexpr std::array impact{0.3, 0.8};  // so that the ray is bent
  const sim::System& system = sim::find_system("light-ray");
  const auto start = sim::sample_initial_states(system, impact, {}, seed, 0, 1);
  learn::Tensors places, momenta, directions;
  for (const auto& at : states_of(system, {}, start, end)) {
    const double n = std::sqrt(2 - at[0] * at[0] - at[1] * at[1]);
    const double tx = std::cos(at[2]), ty = std::sin(at[2]);
    places.push_back(pairs({at[0], at[1]}));
    momenta.push_back(pairs({n * tx, n * ty}));
    directions.push_back(pairs({tx, ty}));
  }
  PhysicalMotion motion{
      .name = "light-ray",
      .description = "physics: light in a round lens, P = n t, J = n r x t; in color without n",
      .time_name = "arc length",
      .time_step = end / (times - 1),
      .body = {0},
      .lens = 1};
  const Charges bare = charges_along(places, std::move(directions), motion.body);
  motion.charges = charges_along(std::move(places), std::move(momenta), motion.body);
  motion.charges.of_cluster = bare.of_cluster;
  return motion;
}

}  // namespace noether::bench
