#include "sim/systems/lawless.h"

#include "sim/radial_start.h"
#include "sim/system_parts.h"

namespace noether::sim {
namespace {

void relaxation(std::span<const double> state, std::span<const double> constants,
                std::span<double> rate) {
  const double x = state[0], v = state[1];
  rate[0] = v;
  rate[1] = constants[0] * (1 - x * x) * v - x;
}

std::vector<double> start_of_relaxation(base::RandomStream& random,
                                        std::span<const double> sampling,
                                        std::span<const double> /*constants*/) {
  return radial_start(random, 2, sampling[0], sampling[1]);
}

// the constants are sigma, rho, beta
void convection(std::span<const double> state, std::span<const double> constants,
                std::span<double> rate) {
  const double x = state[0], y = state[1], z = state[2];
  rate[0] = constants[0] * (y - x);
  rate[1] = x * (constants[1] - z) - y;
  rate[2] = x * y - constants[2] * z;
}

// in a box about the attractor, whose middle is at z = rho - 1
std::vector<double> start_of_convection(base::RandomStream& random,
                                        std::span<const double> sampling,
                                        std::span<const double> constants) {
  std::vector<double> state;
  for (const double middle : {0.0, 0.0, constants[1] - 1})
    state.push_back(middle + random.uniform(-sampling[0], sampling[0]));
  return state;
}

}  // namespace

System van_der_pol() {
  return {.name = "van-der-pol",
          .title = "relaxation oscillator, after van der Pol; no law",
          .equations = "x' = v, v' = mu (1 - x^2) v - x",
          .hamiltonian = "",
          .citation = "van der Pol, On relaxation oscillations, Philosophical Magazine 2:978, 1926",
          .coordinates = plain_coordinates({"x", "v"}),
          .constants = {{"mu", 1, 0, 1e3, "1/s", "strength of what drives and brakes"}},
          .sampling = radial_sampling(0.5, 3),
          .invariants = {},
          .steps = 201,
          .t_end = 10,
          .noise_std = 0.05,
          .derivative = relaxation,
          .sample_initial_state = start_of_relaxation};
}

System lorenz() {
  return {.name = "lorenz",
          .title = "convection, after Lorenz: chaotic, no law",
          .equations = "x' = sigma (y - x), y' = x (rho - z) - y, z' = x y - beta z",
          .hamiltonian = "",
          .citation =
              "Lorenz, Deterministic nonperiodic flow, Journal of the Atmospheric Sciences "
              "20:130, 1963",
          .coordinates = plain_coordinates({"x", "y", "z"}),
          .constants = {{"sigma", 10, 1e-3, 1e3, "1/s", "Prandtl number"},
                        {"rho", 28, 1e-3, 1e3, "1", "Rayleigh number / its critical value"},
                        {"beta", 8.0 / 3, 1e-3, 1e3, "1/s", "shape of the rolls"}},
          .sampling = {{"spread", 10, 0, 100, "1", "half the edge of the box of starts"}},
          .invariants = {},
          .steps = 201,
          .t_end = 4,
          .noise_std = 0.2,
          .derivative = convection,
          .sample_initial_state = start_of_convection};
}

}  // namespace noether::sim
