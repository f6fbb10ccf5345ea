#include "sim/systems/oscillators/oscillator_2d.h"

#include "sim/radial_start.h"
#include "sim/system_parts.h"

namespace noether::sim {
namespace {

// the constants are k and m; the state is x, y, px, py
void derivative(std::span<const double> state, std::span<const double> constants,
                std::span<double> rate) {
  for (std::size_t i = 0; i < 2; ++i) {
    rate[i] = state[2 + i] / constants[1];
    rate[2 + i] = -constants[0] * state[i];
  }
}

template <std::size_t i, std::size_t j>
double fradkin(std::span<const double> state, std::span<const double> constants) {
  return state[2 + i] * state[2 + j] / constants[1] + constants[0] * state[i] * state[j];
}

double energy(std::span<const double> state, std::span<const double> constants) {
  return (fradkin<0, 0>(state, constants) + fradkin<1, 1>(state, constants)) / 2;
}

double angular_momentum(std::span<const double> state, std::span<const double> /*constants*/) {
  return state[0] * state[3] - state[1] * state[2];
}

std::vector<double> start(base::RandomStream& random, std::span<const double> sampling,
                          std::span<const double> /*constants*/) {
  return radial_start(random, 4, sampling[0], sampling[1]);
}

}  // namespace

System oscillator_2d() {
  const std::string hamiltonian = "(px^2 + py^2) / (2 m) + k (x^2 + y^2) / 2";
  constexpr double bar = 1e-12;  // rounding over some 100 steps
  return {.name = "oscillator-2d",
          .title = "a spring in the plane",
          .equations = "x' = px / m, y' = py / m, px' = -k x, py' = -k y",
          .hamiltonian = hamiltonian,
          .citation =
              "Fradkin, Three-dimensional isotropic harmonic oscillator and SU3, American "
              "Journal of Physics 33:207, 1965",
          .coordinates = plain_coordinates({"x", "y", "px", "py"}),
          .constants = {{"k", 1, 1e-3, 1e3, "1", "stiffness"}, {"m", 1, 1e-3, 1e3, "1", "mass"}},
          .sampling = radial_sampling(0.5, 1.5),
          .invariants = {conserved("energy", hamiltonian, bar, energy),
                         conserved("angular_momentum", "x py - y px", bar, angular_momentum),
                         conserved("fradkin_xx", "px^2 / m + k x^2", bar, fradkin<0, 0>),
                         conserved("fradkin_xy", "px py / m + k x y", bar, fradkin<0, 1>),
                         conserved("fradkin_yy", "py^2 / m + k y^2", bar, fradkin<1, 1>)},
          .steps = 51,
          .t_end = 10,
          .noise_std = 0.05,
          .separable = true,
          .derivative = derivative,
          .sample_initial_state = start};
}

}  // namespace noether::sim
