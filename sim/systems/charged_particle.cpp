#include "sim/systems/charged_particle.h"

#include "sim/radial_start.h"
#include "sim/system_parts.h"

namespace noether::sim {
namespace {

// the constants are m, charge, B
double turning(std::span<const double> constants) {
  return constants[1] * constants[2] / constants[0];
}

void derivative(std::span<const double> state, std::span<const double> constants,
                std::span<double> rate) {
  const double w = turning(constants);
  rate[0] = state[2];
  rate[1] = state[3];
  rate[2] = w * state[3];
  rate[3] = -w * state[2];
}

double energy(std::span<const double> state, std::span<const double> constants) {
  return constants[0] * (state[2] * state[2] + state[3] * state[3]) / 2;
}

double momentum_x(std::span<const double> state, std::span<const double> constants) {
  return constants[0] * state[2] - constants[1] * constants[2] * state[1];
}

double momentum_y(std::span<const double> state, std::span<const double> constants) {
  return constants[0] * state[3] + constants[1] * constants[2] * state[0];
}

double angular_momentum(std::span<const double> state, std::span<const double> constants) {
  return constants[0] * (state[0] * state[3] - state[1] * state[2]) +
         constants[1] * constants[2] * (state[0] * state[0] + state[1] * state[1]) / 2;
}

std::vector<double> start(base::RandomStream& random, std::span<const double> sampling,
                          std::span<const double> /*constants*/) {
  return radial_start(random, 4, sampling[0], sampling[1]);
}

}  // namespace

System charged_particle() {
  constexpr double bar = 1e-12;  // rounding over some 100 steps
  return {.name = "charged-particle",
          .title = "a charge in a magnetic field",
          .equations = "x' = vx, y' = vy, m vx' = charge B vy, m vy' = -charge B vx",
          .hamiltonian = "m (vx^2 + vy^2) / 2",
          .citation = "Jackson, Classical electrodynamics, 3rd edition, 1999, section 12.2",
          .coordinates = {{"x", "1", "1/s"},
                          {"y", "1", "1/s"},
                          {"vx", "1/s", "1/s^2"},
                          {"vy", "1/s", "1/s^2"}},
          .constants = {{"m", 1, 1e-3, 1e3, "1", "mass"},
                        {"charge", 1, -1e3, 1e3, "1", "charge"},
                        {"B", 1, -1e3, 1e3, "1", "strength of the field"}},
          .sampling = radial_sampling(0.5, 1.5),
          .invariants = {conserved("energy", "m (vx^2 + vy^2) / 2", bar, energy),
                         conserved("momentum_x", "m vx - charge B y", bar, momentum_x),
                         conserved("momentum_y", "m vy + charge B x", bar, momentum_y),
                         conserved("angular_momentum", "m (x vy - y vx) + charge B (x^2 + y^2) / 2",
                                   bar, angular_momentum)},
          .steps = 51,
          .t_end = 10,
          .noise_std = 0.05,
          .derivative = derivative,
          .sample_initial_state = start};
}

}  // namespace noether::sim
