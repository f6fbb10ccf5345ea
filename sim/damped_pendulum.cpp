#include "sim/damped_pendulum.h"

#include <cmath>

#include "sim/radial_start.h"

namespace noether::sim {
namespace {

void derivative(std::span<const double> state, std::span<const double> constants,
                std::span<double> rate) {
  const double gamma = constants[0];
  rate[0] = 2 * state[1];
  rate[1] = -3 * std::sin(state[0]) - gamma * state[1];
}

double energy(std::span<const double> state, std::span<const double> /*constants*/) {
  const double half_sine = std::sin(state[0] / 2);
  return 6 * half_sine * half_sine + state[1] * state[1];
}

std::vector<double> start(base::RandomStream& random, std::span<const double> sampling,
                          std::span<const double> /*constants*/) {
  return radial_start(random, 2, sampling[0], sampling[1]);
}

}  // namespace

System damped_pendulum() {
  return {
      .name = "damped-pendulum",
      .title = "pendulum with linear friction",
      .equations = "q' = 2 p, p' = -3 sin q - gamma p",
      .hamiltonian = "3 (1 - cos q) + p^2",
      .citation =
          "Greydanus, Dzamba, Yosinski, Hamiltonian neural networks, NeurIPS 2019; friction as "
          "Sosanya, Greydanus, Dissipative Hamiltonian neural networks, arXiv:2201.10085",
      .coordinates = {{"q", "rad", "rad/s"}, {"p", "1", "1/s"}},
      .constants = {{"gamma", 0.02, 0.0, 10.0, "1/s", "friction"}},
      .sampling = radial_sampling(1.3, 2.3),
      // an increase can only be an error: as for the ideal pendulum
      .invariants = {{.name = "energy",
                      .unit = "1",
                      .formula = "3 (1 - cos q) + p^2",
                      .law = Law::dissipated,
                      .tolerance = 1e-12,
                      .value = energy}},
      .steps = 201,
      .t_end = 20,
      .noise_std = 0.05,
      .integrator = "taylor",
      .derivative = derivative,
      .sample_initial_state = start,
  };
}

}  // namespace noether::sim
