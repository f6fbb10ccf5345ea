#include "sim/double_pendulum.h"

#include <cmath>

#include "sim/radial_start.h"

namespace noether::sim {
namespace {

// The constants by name, in the order in which the system declares them.
struct Parameters {
  double m;
  double g;
  double l;
};

Parameters parameters(std::span<const double> constants) {
  return {.m = constants[0], .g = constants[1], .l = constants[2]};
}

void derivative(std::span<const double> state, std::span<const double> constants,
                std::span<double> rate) {
  const auto [m, g, l] = parameters(constants);
  const double p1 = state[2];
  const double p2 = state[3];
  const double sine = std::sin(state[0] - state[1]);
  const double cosine = std::cos(state[0] - state[1]);
  const double denominator = 1 + sine * sine;
  const double scale = 1 / (m * l * l * denominator);

  // the kinetic energy is scale * form / 2 and depends on the angles through d = q1 - q2 alone
  const double form = p1 * p1 + 2 * p2 * p2 - 2 * p1 * p2 * cosine;
  const double kinetic_by_d = scale * sine * (p1 * p2 - form * cosine / denominator);

  rate[0] = scale * (p1 - p2 * cosine);
  rate[1] = scale * (2 * p2 - p1 * cosine);
  rate[2] = -kinetic_by_d - 2 * m * g * l * std::sin(state[0]);
  rate[3] = kinetic_by_d - m * g * l * std::sin(state[1]);
}

double energy(std::span<const double> state, std::span<const double> constants) {
  const auto [m, g, l] = parameters(constants);
  const double p1 = state[2];
  const double p2 = state[3];
  const double sine = std::sin(state[0] - state[1]);
  const double cosine = std::cos(state[0] - state[1]);
  const double kinetic =
      (p1 * p1 + 2 * p2 * p2 - 2 * p1 * p2 * cosine) / (2 * m * l * l * (1 + sine * sine));
  return kinetic + m * g * l * (3 - 2 * std::cos(state[0]) - std::cos(state[1]));
}

std::vector<double> start(base::RandomStream& random, std::span<const double> sampling,
                          std::span<const double> /*constants*/) {
  return radial_start(random, 4, sampling[0], sampling[1]);
}

constexpr const char* hamiltonian =
    "(p1^2 + 2 p2^2 - 2 p1 p2 cos(q1 - q2)) / (2 m l^2 (1 + sin^2(q1 - q2))) + "
    "m g l (3 - 2 cos q1 - cos q2)";

}  // namespace

System double_pendulum() {
  return {
      .name = "double-pendulum",
      .title = "double pendulum",
      .equations = "q1' = dH/dp1, q2' = dH/dp2, p1' = -dH/dq1, p2' = -dH/dq2",
      .hamiltonian = hamiltonian,
      .citation =
          "Botev, Jaegle, Wirnsberger, Hennes, Higgins, Which priors matter? Benchmarking "
          "models for learning latent dynamics, NeurIPS 2021",
      .coordinates = {{"q1", "rad", "rad/s"},
                      {"q2", "rad", "rad/s"},
                      {"p1", "kg m^2/s", "kg m^2/s^2"},
                      {"p2", "kg m^2/s", "kg m^2/s^2"}},
      .constants = {{"m", 0.5, 1e-3, 1e3, "kg", "each mass"},
                    {"g", 3.0, 0, 1e3, "m/s^2", "gravity"},
                    {"l", 1.0, 1e-3, 1e3, "m", "length of each rod"}},
      .sampling = radial_sampling(1.3, 2.3),
      // momenta above 2 make energies near 20 and fast turns: rounding over some 100 steps
      .invariants = {{.name = "energy",
                      .unit = "J",
                      .formula = hamiltonian,
                      .law = Law::conserved,
                      .tolerance = 1e-11,
                      .value = energy}},
      .steps = 45,
      .t_end = 3,
      .noise_std = 0.1,
      .derivative = derivative,
      .sample_initial_state = start,
  };
}

}  // namespace noether::sim
