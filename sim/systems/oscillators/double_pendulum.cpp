#include "sim/systems/oscillators/double_pendulum.h"

#include <cmath>

#include "sim/radial_start.h"

namespace noether::sim {
namespace {

// The constants by name, in the order in which the system declares them.
struct Parameters {
  double m, g, l;  // mass and length of the upper pendulum
  double r, s;     // of the lower one, over those
  double friction;
};

Parameters parameters(std::span<const double> constants) {
  return {.m = constants[0],
          .g = constants[1],
          .l = constants[2],
          .r = constants[3],
          .s = constants[4],
          .friction = constants[5]};
}

// The kinetic energy is form / (2 m l^2 denominator), and depends on the angles through d = q1 - q2
// alone. At the defaults, r = s = 1, products with them are exact.
struct Kinetic {
  double form;
  double denominator;
};

Kinetic kinetic(std::span<const double> state, const Parameters& at, double sine, double cosine) {
  const double p1 = state[2], p2 = state[3];
  return {
      .form = p1 * p1 + (1 + at.r) / (at.r * at.s * at.s) * p2 * p2 - 2 / at.s * p1 * p2 * cosine,
      .denominator = 1 + at.r * sine * sine};
}

void derivative(std::span<const double> state, std::span<const double> constants,
                std::span<double> rate) {
  const Parameters at = parameters(constants);
  const auto [m, g, l, r, s, friction] = at;
  const double p1 = state[2];
  const double p2 = state[3];
  const double sine = std::sin(state[0] - state[1]);
  const double cosine = std::cos(state[0] - state[1]);
  const auto [form, denominator] = kinetic(state, at, sine, cosine);
  const double scale = 1 / (m * l * l * denominator);
  const double kinetic_by_d = scale * sine * (p1 * p2 / s - r * form * cosine / denominator);

  rate[0] = scale * (p1 - p2 * cosine / s);
  rate[1] = scale * ((1 + r) / (r * s * s) * p2 - p1 * cosine / s);
  rate[2] = -kinetic_by_d - (1 + r) * m * g * l * std::sin(state[0]) - friction * rate[0];
  rate[3] = kinetic_by_d - r * m * g * (s * l) * std::sin(state[1]) - friction * rate[1];
}

double energy(std::span<const double> state, std::span<const double> constants) {
  const Parameters at = parameters(constants);
  const auto [m, g, l, r, s, friction] = at;
  const auto [form, denominator] =
      kinetic(state, at, std::sin(state[0] - state[1]), std::cos(state[0] - state[1]));
  const double height = (1 + r + r * s) - (1 + r) * std::cos(state[0]) - r * s * std::cos(state[1]);
  return form / (2 * m * l * l * denominator) + m * g * l * height;
}

std::vector<double> start(base::RandomStream& random, std::span<const double> sampling,
                          std::span<const double> /*constants*/) {
  return radial_start(random, 4, sampling[0], sampling[1]);
}

constexpr const char* hamiltonian =
    "(p1^2 + 2 p2^2 - 2 p1 p2 cos(q1 - q2)) / (2 m l^2 (1 + sin^2(q1 - q2))) + "
    "m g l (3 - 2 cos q1 - cos q2)";
constexpr const char* general_hamiltonian =
    "(p1^2 + (1 + mass_ratio) p2^2 / (mass_ratio length_ratio^2) - "
    "2 p1 p2 cos(q1 - q2) / length_ratio) / (2 m l^2 (1 + mass_ratio sin(q1 - q2)^2)) + m g l ((1 "
    "+ mass_ratio) (1 - cos(q1)) + "
    "mass_ratio length_ratio (1 - cos(q2)))";

}  // namespace

System double_pendulum() {
  return {
      .name = "double-pendulum",
      .title = "double pendulum",
      .equations =
          "q1' = dH/dp1, q2' = dH/dp2, p1' = -dH/dq1 - friction q1', "
          "p2' = -dH/dq2 - friction q2'",
      .hamiltonian = general_hamiltonian,
      .citation =
          "Botev, Jaegle, Wirnsberger, Hennes, Higgins, Which priors matter? Benchmarking "
          "models for learning latent dynamics, NeurIPS 2021",
      .coordinates = {{"q1", "rad", "rad/s"},
                      {"q2", "rad", "rad/s"},
                      {"p1", "kg m^2/s", "kg m^2/s^2"},
                      {"p2", "kg m^2/s", "kg m^2/s^2"}},
      .constants = {{"m", 0.5, 1e-3, 1e3, "kg", "mass of the upper pendulum"},
                    {"g", 3.0, 0, 1e3, "m/s^2", "gravity"},
                    {"l", 1.0, 1e-3, 1e3, "m", "length of the upper rod"},
                    {"mass_ratio", 1, 1e-3, 1e3, "1", "lower mass / upper mass", true},
                    {"length_ratio", 1, 1e-3, 1e3, "1", "lower rod / upper rod", true},
                    {"friction", 0, 0, 10, "kg m^2/s", "torque of friction / q'", true}},
      .sampling = radial_sampling(1.3, 2.3),
      // momenta above 2 make energies near 20 and fast turns: rounding over some 100 steps
      .invariants = {{.name = "energy",
                      .unit = "J",
                      .formula = general_hamiltonian,
                      .default_formula = hamiltonian,
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
