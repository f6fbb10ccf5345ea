#include "sim/systems/oscillators/henon_heiles.h"

#include <cmath>
#include <numbers>

#include "sim/system_parts.h"

namespace noether::sim {
namespace {

void derivative(std::span<const double> state, std::span<const double> constants,
                std::span<double> rate) {
  const double x = state[0], y = state[1], lambda = constants[0];
  rate[0] = state[2];
  rate[1] = state[3];
  rate[2] = -x - 2 * lambda * x * y;
  rate[3] = -y - lambda * (x * x - y * y);
}

double potential(double x, double y, double lambda) {
  return (x * x + y * y) / 2 + lambda * (x * x * y - y * y * y / 3);
}

double energy(std::span<const double> state, std::span<const double> constants) {
  return (state[2] * state[2] + state[3] * state[3]) / 2 +
         potential(state[0], state[1], constants[0]);
}

// A place near the middle, where the potential is below .054 of lambda = 1, and a speed in any
// direction that gives the share of the energy at which the star may leave. The motion scales with
// 1 / lambda.
std::vector<double> start(base::RandomStream& random, std::span<const double> sampling,
                          std::span<const double> constants) {
  const double share = random.uniform(sampling[0], sampling[1]);
  const double radius = 0.3 * std::sqrt(share * random.uniform());
  const double place = random.uniform(0, 2 * std::numbers::pi);
  const double heading = random.uniform(0, 2 * std::numbers::pi);
  const double x = radius * std::cos(place), y = radius * std::sin(place);
  const double speed = std::sqrt(2 * (share / 6 - potential(x, y, 1)));
  const double scale = 1 / constants[0];
  return {scale * x, scale * y, scale * speed * std::cos(heading),
          scale * speed * std::sin(heading)};
}

}  // namespace

System henon_heiles() {
  const std::string hamiltonian = "(px^2 + py^2 + x^2 + y^2) / 2 + lambda (x^2 y - y^3 / 3)";
  return {.name = "henon-heiles",
          .title = "a star in a galaxy, after Henon and Heiles",
          .equations = "x' = px, y' = py, px' = -x - 2 lambda x y, py' = -y - lambda (x^2 - y^2)",
          .hamiltonian = hamiltonian,
          .citation =
              "Henon, Heiles, The applicability of the third integral of motion, "
              "Astronomical Journal 69:73, 1964",
          .coordinates = plain_coordinates({"x", "y", "px", "py"}),
          .constants = {{"lambda", 1, 1e-3, 1e3, "1", "strength of the coupling"}},
          .sampling = {{"energy_min", 0.3, 0.01, 1, "1", "least energy / that of escape"},
                       {"energy_max", 0.95, 0.01, 1, "1", "greatest"}},
          // rounding over some 200 steps
          .invariants = {conserved("energy", hamiltonian, 1e-12, energy)},
          .steps = 101,
          .t_end = 20,
          .noise_std = 0.02,
          .separable = true,
          .derivative = derivative,
          .sample_initial_state = start};
}

}  // namespace noether::sim
