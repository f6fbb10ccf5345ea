#include "sim/systems/oscillators/pendulum.h"

#include <cmath>

#include "sim/radial_start.h"
#include "sim/taylor.h"

namespace noether::sim {
namespace {

void derivative(std::span<const double> state, std::span<const double> constants,
                std::span<double> rate) {
  const auto [inertia, torque, friction] = pendulum_parameters(constants);
  rate[0] = state[1] / inertia;
  rate[1] = -torque * std::sin(state[0]);
}

double energy(std::span<const double> state, std::span<const double> constants) {
  const auto [inertia, torque, friction] = pendulum_parameters(constants);
  // 1 - cos q = 2 sin^2(q / 2), which keeps its digits near the bottom
  const double half_sine = std::sin(state[0] / 2);
  return 2 * torque * half_sine * half_sine + state[1] * state[1] / (2 * inertia);
}

std::vector<double> start(base::RandomStream& random, std::span<const double> sampling,
                          std::span<const double> /*constants*/) {
  return radial_start(random, 2, sampling[0], sampling[1]);
}

std::vector<double> integrate_packs(std::span<const double> constants,
                                    std::span<const double> initial_states,
                                    std::span<const double> times, const Tolerance& tolerance) {
  return taylor_pendulums(pendulum_parameters(constants), initial_states, times, tolerance);
}

}  // namespace

PendulumParameters pendulum_parameters(std::span<const double> constants) {
  const double m = constants[0], g = constants[1], l = constants[2];
  return {.inertia = m * l * l,
          .torque = m * g * l,
          .friction = constants.size() > 3 ? constants[3] : 0};
}

System pendulum() {
  return {
      .name = "pendulum",
      .title = "ideal pendulum",
      .equations = "q' = p / (m l^2), p' = -m g l sin q",
      .hamiltonian = "m g l (1 - cos q) + p^2 / (2 m l^2)",
      .citation = "Greydanus, Dzamba, Yosinski, Hamiltonian neural networks, NeurIPS 2019",
      .coordinates = {{"q", "rad", "rad/s"}, {"p", "1", "1/s"}},
      .constants = {{"m", 0.5, 1e-3, 1e3, "1", "mass", true},
                    {"g", 6, 0, 1e3, "1", "gravity", true},
                    {"l", 1, 1e-3, 1e3, "1", "length", true}},
      .sampling = radial_sampling(1.3, 2.3),
      // ten times less than the bar on the state, 1e-11; rounding alone is near 1e-14
      .invariants = {{.name = "energy",
                      .unit = "1",
                      .formula = "m g l (1 - cos q) + p^2 / (2 m l^2)",
                      .default_formula = "3 (1 - cos q) + p^2",
                      .law = Law::conserved,
                      .tolerance = 1e-12,
                      .value = energy}},
      .steps = 45,
      .t_end = 3,
      .noise_std = 0.1,
      .integrator = "taylor",
      .separable = true,
      .packs = taylor_integrator(integrate_packs),
      .derivative = derivative,
      .sample_initial_state = start,
  };
}

}  // namespace noether::sim
