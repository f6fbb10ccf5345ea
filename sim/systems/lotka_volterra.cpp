#include "sim/systems/lotka_volterra.h"

#include <cmath>

#include "sim/system_parts.h"

namespace noether::sim {
namespace {

// the constants are alpha, beta, gamma, delta
void derivative(std::span<const double> state, std::span<const double> constants,
                std::span<double> rate) {
  rate[0] = state[0] * (constants[0] - constants[1] * state[1]);
  rate[1] = state[1] * (constants[3] * state[0] - constants[2]);
}

double quantity(std::span<const double> state, std::span<const double> constants) {
  return constants[3] * state[0] - constants[2] * std::log(state[0]) + constants[1] * state[1] -
         constants[0] * std::log(state[1]);
}

std::vector<double> start(base::RandomStream& random, std::span<const double> sampling,
                          std::span<const double> /*constants*/) {
  const double x = random.uniform(sampling[0], sampling[1]);
  return {x, random.uniform(sampling[0], sampling[1])};
}

}  // namespace

System lotka_volterra() {
  return {.name = "lotka-volterra",
          .title = "predators and prey",
          .equations = "x' = x (alpha - beta y), y' = y (delta x - gamma)",
          .hamiltonian = "",
          .citation =
              "Lotka, Analytical note on certain rhythmic relations in organic systems, "
              "PNAS 6:410, 1920",
          .coordinates = plain_coordinates({"x", "y"}),
          .constants = {{"alpha", 1, 1e-3, 1e3, "1/s", "growth of prey"},
                        {"beta", 1, 1e-3, 1e3, "1/s", "prey that a predator takes"},
                        {"gamma", 1.5, 1e-3, 1e3, "1/s", "death of predators"},
                        {"delta", 1, 1e-3, 1e3, "1/s", "predators that prey feeds"}},
          .sampling = {{"number_min", 0.4, 1e-3, 1e3, "1", "least numbers at the start"},
                       {"number_max", 2.5, 1e-3, 1e3, "1", "greatest"}},
          // rounding over some 100 steps
          .invariants = {conserved("volterra", "delta x - gamma log(x) + beta y - alpha log(y)",
                                   1e-11, quantity)},
          .steps = 101,
          .t_end = 10,
          .noise_std = 0.02,
          .derivative = derivative,
          .sample_initial_state = start};
}

}  // namespace noether::sim
