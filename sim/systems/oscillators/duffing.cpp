#include "sim/systems/oscillators/duffing.h"

#include "sim/radial_start.h"
#include "sim/system_parts.h"

namespace noether::sim {
namespace {

void derivative(std::span<const double> state, std::span<const double> constants,
                std::span<double> rate) {
  const double q = state[0], p = state[1];
  rate[0] = p;
  rate[1] = -constants[0] * q - constants[1] * q * q * q - constants[2] * p;
}

double energy(std::span<const double> state, std::span<const double> constants) {
  const double square = state[0] * state[0];
  return (state[1] * state[1] + constants[0] * square) / 2 + constants[1] * square * square / 4;
}

std::vector<double> start(base::RandomStream& random, std::span<const double> sampling,
                          std::span<const double> /*constants*/) {
  return radial_start(random, 2, sampling[0], sampling[1]);
}

}  // namespace

System duffing() {
  const std::string hamiltonian = "p^2 / 2 + alpha q^2 / 2 + beta q^4 / 4";
  return {.name = "duffing",
          .title = "oscillator with two wells, after Duffing",
          .equations = "q' = p, p' = -alpha q - beta q^3 - friction p",
          .hamiltonian = hamiltonian,
          .citation = "Duffing, Erzwungene Schwingungen bei veraenderlicher Eigenfrequenz, 1918",
          .coordinates = plain_coordinates({"q", "p"}),
          .constants = {{"alpha", -1, -1e3, 1e3, "1", "stiffness at q = 0"},
                        {"beta", 1, 0, 1e3, "1", "growth of the stiffness"},
                        {"friction", 0, 0, 10, "1/s", "force of friction / velocity"}},
          .sampling = radial_sampling(0.3, 1.6),
          // rounding over some 100 steps
          .invariants = {conserved("energy", hamiltonian, 1e-12, energy)},
          .steps = 101,
          .t_end = 10,
          .noise_std = 0.05,
          .separable = true,
          .derivative = derivative,
          .sample_initial_state = start};
}

}  // namespace noether::sim
