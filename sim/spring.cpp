#include "sim/spring.h"

#include "sim/radial_start.h"

namespace noether::sim {
namespace {

void derivative(std::span<const double> state, std::span<const double> /*constants*/,
                std::span<double> rate) {
  rate[0] = 2 * state[1];
  rate[1] = -2 * state[0];
}

double energy(std::span<const double> state, std::span<const double> /*constants*/) {
  return state[0] * state[0] + state[1] * state[1];
}

std::vector<double> start(base::RandomStream& random, std::span<const double> sampling,
                          std::span<const double> /*constants*/) {
  return radial_start(random, 2, sampling[0], sampling[1]);
}

}  // namespace

System spring() {
  return {
      .name = "spring",
      .title = "ideal spring",
      .equations = "q' = 2 p, p' = -2 q",
      .hamiltonian = "q^2 + p^2",
      .citation = "Greydanus, Dzamba, Yosinski, Hamiltonian neural networks, NeurIPS 2019",
      .coordinates = {{"q", "1", "1/s"}, {"p", "1", "1/s"}},
      .constants = {},
      .sampling = radial_sampling(0.1, 1.0),
      // rounding alone moves the energy by some 1e-15 a step, over 30 steps and more
      .invariants = {{.name = "energy",
                      .unit = "1",
                      .formula = "q^2 + p^2",
                      .law = Law::conserved,
                      .tolerance = 1e-12,
                      .value = energy}},
      .steps = 30,
      .t_end = 3,
      .noise_std = 0.1,
      .separable = true,
      .derivative = derivative,
      .sample_initial_state = start,
  };
}

}  // namespace noether::sim
