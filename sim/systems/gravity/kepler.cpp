#include "sim/systems/gravity/kepler.h"

#include <cmath>
#include <numbers>

#include "sim/system_parts.h"

namespace noether::sim {
namespace {

void derivative(std::span<const double> state, std::span<const double> constants,
                std::span<double> rate) {
  const double square = state[0] * state[0] + state[1] * state[1];
  const double pull = constants[0] / (square * std::sqrt(square));
  rate[0] = state[2];
  rate[1] = state[3];
  rate[2] = -pull * state[0];
  rate[3] = -pull * state[1];
}

double energy(std::span<const double> state, std::span<const double> constants) {
  return (state[2] * state[2] + state[3] * state[3]) / 2 -
         constants[0] / std::hypot(state[0], state[1]);
}

double angular_momentum(std::span<const double> state, std::span<const double> /*constants*/) {
  return state[0] * state[3] - state[1] * state[2];
}

double laplace_x(std::span<const double> state, std::span<const double> constants) {
  return state[3] * angular_momentum(state, constants) -
         constants[0] * state[0] / std::hypot(state[0], state[1]);
}

double laplace_y(std::span<const double> state, std::span<const double> constants) {
  return -state[2] * angular_momentum(state, constants) -
         constants[0] * state[1] / std::hypot(state[0], state[1]);
}

// In the nearest point of an ellipse, which points anywhere.
std::vector<double> start(base::RandomStream& random, std::span<const double> sampling,
                          std::span<const double> constants) {
  const double axis = random.uniform(sampling[0], sampling[1]);
  const double eccentricity = random.uniform(sampling[2], sampling[3]);
  const double angle = random.uniform(0, 2 * std::numbers::pi);
  const double nearest = axis * (1 - eccentricity);
  const double speed = std::sqrt(constants[0] / axis * (1 + eccentricity) / (1 - eccentricity));
  return {nearest * std::cos(angle), nearest * std::sin(angle), -speed * std::sin(angle),
          speed * std::cos(angle)};
}

}  // namespace

System kepler() {
  constexpr double bar = 1e-11;  // of this library; the fastest passage takes some ten steps
  return {.name = "kepler",
          .title = "a planet in the field of a star that rests",
          .equations = "r'' = -mu r / |r|^3",
          .hamiltonian = "(vx^2 + vy^2) / 2 - mu / r",
          .citation = "Goldstein, Poole, Safko, Classical mechanics, 3rd edition, 2002, chapter 3",
          .coordinates = {{"x", "1", "1/s"},
                          {"y", "1", "1/s"},
                          {"vx", "1/s", "1/s^2"},
                          {"vy", "1/s", "1/s^2"}},
          .constants = {{"mu", 1, 1e-3, 1e3, "1", "G times the mass of the star"}},
          .sampling = {{"axis_min", 0.8, 0.01, 100, "1", "least semi-major axis"},
                       {"axis_max", 1.3, 0.01, 100, "1", "greatest"},
                       {"eccentricity_min", 0, 0, 0.95, "1", "least eccentricity"},
                       {"eccentricity_max", 0.6, 0, 0.95, "1", "greatest"}},
          .invariants =
              {conserved("energy", "(vx^2 + vy^2) / 2 - mu / sqrt(x^2 + y^2)", bar, energy),
               conserved("angular_momentum", "x vy - y vx", bar, angular_momentum),
               conserved("laplace_x", "vy (x vy - y vx) - mu x / sqrt(x^2 + y^2)", bar, laplace_x),
               conserved("laplace_y", "vx (y vx - x vy) - mu y / sqrt(x^2 + y^2)", bar, laplace_y)},
          .steps = 101,
          .t_end = 10,
          .noise_std = 0.02,
          .separable = true,
          .derivative = derivative,
          .sample_initial_state = start};
}

}  // namespace noether::sim
