#include "sim/systems/gravity/gravity.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace noether::sim {
namespace {

std::size_t bodies_of(std::span<const double> state) { return state.size() / 4; }

void derivative(std::span<const double> state, std::span<const double> constants,
                std::span<double> rate) {
  const std::size_t n = bodies_of(state), velocity = 2 * n;
  const double G = constants[n];
  for (std::size_t i = 0; i < velocity; ++i) {
    rate[i] = state[velocity + i];
    rate[velocity + i] = 0;
  }
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = i + 1; j < n; ++j) {
      const double dx = state[2 * j] - state[2 * i], dy = state[2 * j + 1] - state[2 * i + 1];
      const double square = dx * dx + dy * dy;
      const double pull = G / (square * std::sqrt(square));
      rate[velocity + 2 * i] += constants[j] * dx * pull;
      rate[velocity + 2 * i + 1] += constants[j] * dy * pull;
      rate[velocity + 2 * j] -= constants[i] * dx * pull;
      rate[velocity + 2 * j + 1] -= constants[i] * dy * pull;
    }
  }
}

double nearest(std::span<const double> state) {
  const std::size_t n = bodies_of(state);
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = i + 1; j < n; ++j)
      least = std::min(
          least, std::hypot(state[2 * i] - state[2 * j], state[2 * i + 1] - state[2 * j + 1]));
  }
  return least;
}

double energy(std::span<const double> state, std::span<const double> constants) {
  const std::size_t n = bodies_of(state);
  double twice_kinetic = 0, potential = 0;
  for (std::size_t k = 0; k < 2 * n; ++k)
    twice_kinetic += constants[k / 2] * state[2 * n + k] * state[2 * n + k];
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = i + 1; j < n; ++j)
      potential += constants[n] * constants[i] * constants[j] /
                   std::hypot(state[2 * i] - state[2 * j], state[2 * i + 1] - state[2 * j + 1]);
  }
  return twice_kinetic / 2 - potential;
}

template <std::size_t axis>
double momentum(std::span<const double> state, std::span<const double> constants) {
  const std::size_t n = bodies_of(state);
  double sum = 0;
  for (std::size_t i = 0; i < n; ++i) sum += constants[i] * state[2 * (n + i) + axis];
  return sum;
}

double angular_momentum(std::span<const double> state, std::span<const double> constants) {
  const std::size_t n = bodies_of(state);
  double sum = 0;
  for (std::size_t i = 0; i < n; ++i) {
    sum += constants[i] * state[2 * i] * state[2 * (n + i) + 1];
    sum -= constants[i] * state[2 * i + 1] * state[2 * (n + i)];
  }
  return sum;
}

// The terms of a sum over the bodies or the pairs, "m1 vx1 + m2 vx2".
std::string sum_of(std::size_t n, std::string_view term) {
  std::string text;
  for (std::size_t i = 1; i <= n; ++i)
    text += (i == 1 ? "" : " + ") + fmt::format(fmt::runtime(term), i);
  return text;
}

std::string energy_formula(std::size_t n) {
  std::string text = fmt::format("({}) / 2", sum_of(n, "m{0} (vx{0}^2 + vy{0}^2)"));
  for (std::size_t i = 1; i <= n; ++i) {
    for (std::size_t j = i + 1; j <= n; ++j)
      text += fmt::format(" - G m{0} m{1} / sqrt((x{0} - x{1})^2 + (y{0} - y{1})^2)", i, j);
  }
  return text;
}

std::vector<Coordinate> coordinates(std::size_t n) {
  std::vector<Coordinate> all;
  for (std::size_t i = 1; i <= n; ++i) {
    for (const char* axis : {"x", "y"}) all.push_back({fmt::format("{}{}", axis, i), "1", "1/s"});
  }
  for (std::size_t i = 1; i <= n; ++i) {
    for (const char* axis : {"vx", "vy"})
      all.push_back({fmt::format("{}{}", axis, i), "1/s", "1/s^2"});
  }
  return all;
}

}  // namespace

System gravity(std::vector<Constant> constants) {
  const std::size_t n = constants.size() - 1;
  const auto law = [&](const char* name, const std::string& formula,
                       decltype(Invariant::value) value) {
    constexpr double bar = 1e-11;  // of this library
    return Invariant{
        .name = name, .unit = "1", .formula = formula, .tolerance = bar, .value = value};
  };
  System system;
  system.equations = "ri'' = sum over j of G mj (rj - ri) / |rj - ri|^3";
  system.hamiltonian = "sum mi vi^2 / 2 - sum G mi mj / |ri - rj|";
  system.coordinates = coordinates(n);
  system.invariants = {
      law("energy", energy_formula(n), energy),
      law("momentum_x", sum_of(n, "m{0} vx{0}"), momentum<0>),
      law("momentum_y", sum_of(n, "m{0} vy{0}"), momentum<1>),
      law("angular_momentum", sum_of(n, "m{0} (x{0} vy{0} - y{0} vx{0})"), angular_momentum)};
  system.separable = true;
  system.derivative = derivative;
  system.nearest = nearest;
  system.constants = std::move(constants);
  return system;
}

}  // namespace noether::sim
