#include "sim/systems/light_ray.h"

#include <cmath>

namespace noether::sim {
namespace {

double index_squared(std::span<const double> state) {
  return 2 - (state[0] * state[0] + state[1] * state[1]);
}

// r x t, the signed distance of the tangent from the centre
double lever(std::span<const double> state) {
  return state[0] * std::sin(state[2]) - state[1] * std::cos(state[2]);
}

void derivative(std::span<const double> state, std::span<const double> /*constants*/,
                std::span<double> rate) {
  rate[0] = std::cos(state[2]);
  rate[1] = std::sin(state[2]);
  rate[2] = lever(state) / index_squared(state);
}

double angular_momentum(std::span<const double> state, std::span<const double> /*constants*/) {
  return std::sqrt(index_squared(state)) * lever(state);
}

// On the rim, heading along +x.
std::vector<double> start(base::RandomStream& random, std::span<const double> sampling,
                          std::span<const double> /*constants*/) {
  const double impact = random.uniform(sampling[0], sampling[1]);
  // (1 - b)(1 + b) keeps the digits that 1 - b^2 loses for grazing rays
  return {-std::sqrt((1 - impact) * (1 + impact)), impact, 0.0};
}

}  // namespace

System light_ray() {
  return {
      .name = "light-ray",
      .title = "ray of light in a Luneburg lens",
      .equations = "x' = cos a, y' = sin a, a' = (x sin a - y cos a) / n^2, n^2 = 2 - x^2 - y^2",
      .hamiltonian = "",
      .citation = "Luneburg, Mathematical theory of optics, Brown University, 1944",
      .time_name = "arc length",
      .time_unit = "1",
      .coordinates = {{"x", "1", "1"}, {"y", "1", "1"}, {"direction", "rad", "rad"}},
      .constants = {},
      .sampling = {{"impact_min", -1, -1, 1, "1", "least distance of a ray from the axis"},
                   {"impact_max", 1, -1, 1, "1", "greatest distance of a ray from the axis"}},
      // of order 1, by some 50 steps of 1e-15 each
      .invariants = {{.name = "angular_momentum",
                      .unit = "1",
                      .formula = "n (x sin a - y cos a)",
                      .law = Law::conserved,
                      .tolerance = 1e-12,
                      .value = angular_momentum}},
      .steps = 50,
      .t_end = 2,
      // a hundredth of the radius of the lens, so that the focus remains visible
      .noise_std = 0.01,
      .derivative = derivative,
      .sample_initial_state = start,
  };
}

}  // namespace noether::sim
