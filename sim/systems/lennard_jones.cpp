#include "sim/systems/lennard_jones.h"

#include <fmt/format.h>

#include <cmath>

#include "sim/system_parts.h"

namespace noether::sim {
namespace {

// The constants by name, in the order in which the system declares them.
struct Parameters {
  double epsilon, sigma, m, box;
};

Parameters parameters(std::span<const double> constants) {
  return {constants[0], constants[1], constants[2], constants[3]};
}

// A function of the distance, and its derivative.
struct Value {
  double value, slope;
};

// The switch S: a / (a + b) of a = exp(-1 / u), b = exp(-1 / (1 - u)), which has all derivatives;
// u is 1 at its inner end and 0 at the cutoff.
Value switched(double r, double cutoff) {
  constexpr double inner = 0.7;
  const double width = (1 - inner) * cutoff, u = (cutoff - r) / width;
  if (u >= 1) return {1, 0};
  if (u <= 0) return {0, 0};
  const double S = 1 / (1 + std::exp(1 / u - 1 / (1 - u)));
  return {S, -S * (1 - S) * (1 / (u * u) + 1 / ((1 - u) * (1 - u))) / width};
}

Value potential(double r, const Parameters& at) {
  if (r >= at.box / 2) return {0, 0};
  const double ratio = at.sigma / r, cube = ratio * ratio * ratio, sixth = cube * cube;
  const double pair = 4 * at.epsilon * sixth * (sixth - 1);
  const double slope = -24 * at.epsilon * sixth * (2 * sixth - 1) / r;
  const Value S = switched(r, at.box / 2);
  return {pair * S.value, slope * S.value + pair * S.slope};
}

double to_nearest(double difference, double box) {
  return difference - box * std::round(difference / box);
}

// Calls f(i, j, dx, dy, r) for every pair, from i to j.
template <class F>
void each_pair(std::span<const double> state, double box, F f) {
  const std::size_t n = state.size() / 4;
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = i + 1; j < n; ++j) {
      const double dx = to_nearest(state[2 * j] - state[2 * i], box);
      const double dy = to_nearest(state[2 * j + 1] - state[2 * i + 1], box);
      f(i, j, dx, dy, std::sqrt(dx * dx + dy * dy));
    }
  }
}

void derivative(std::span<const double> state, std::span<const double> constants,
                std::span<double> rate) {
  const Parameters at = parameters(constants);
  const std::size_t half = state.size() / 2;
  for (std::size_t k = 0; k < half; ++k) {
    rate[k] = state[half + k];
    rate[half + k] = 0;
  }
  each_pair(state, at.box, [&](std::size_t i, std::size_t j, double dx, double dy, double r) {
    const double pull = potential(r, at).slope / (r * at.m);
    rate[half + 2 * i] += pull * dx;
    rate[half + 2 * i + 1] += pull * dy;
    rate[half + 2 * j] -= pull * dx;
    rate[half + 2 * j + 1] -= pull * dy;
  });
}

double energy(std::span<const double> state, std::span<const double> constants) {
  const Parameters at = parameters(constants);
  double squares = 0, bound = 0;
  for (const double v : state.last(state.size() / 2)) squares += v * v;
  each_pair(state, at.box, [&](std::size_t, std::size_t, double, double, double r) {
    bound += potential(r, at).value;
  });
  return at.m * squares / 2 + bound;
}

template <std::size_t axis>
double momentum(std::span<const double> state, std::span<const double> constants) {
  double sum = 0;
  for (std::size_t k = state.size() / 2 + axis; k < state.size(); k += 2) sum += state[k];
  return parameters(constants).m * sum;
}

// Near the places of a square lattice, with the velocities of a gas.
template <std::size_t side>
std::vector<double> start(base::RandomStream& random, std::span<const double> sampling,
                          std::span<const double> constants) {
  const double spacing = parameters(constants).box / static_cast<double>(side);
  std::vector<double> state;
  for (std::size_t i = 0; i < side * side; ++i) {
    for (const std::size_t place : {i % side, i / side}) {
      const double shift = sampling[0] * random.uniform(-0.5, 0.5);
      state.push_back((static_cast<double>(place) + 0.5 + shift) * spacing);
    }
  }
  for (std::size_t k = 0; k < 2 * side * side; ++k) state.push_back(sampling[1] * random.normal());
  return state;
}

std::vector<Coordinate> coordinates(int atoms) {
  std::vector<Coordinate> all;
  for (int i = 1; i <= atoms; ++i) {
    for (const char* axis : {"x", "y"}) all.push_back({fmt::format("{}{}", axis, i), "1", "1/s"});
  }
  for (int i = 1; i <= atoms; ++i) {
    for (const char* axis : {"vx", "vy"})
      all.push_back({fmt::format("{}{}", axis, i), "1/s", "1/s^2"});
  }
  return all;
}

}  // namespace

System lennard_jones(int side) {
  constexpr double bar = 1e-10;  // some 1,000 steps of 1e-14, on walls of slope 1,000
  return {.name = fmt::format("lennard-jones-{}", side * side),
          .title = fmt::format("{} atoms in a box that repeats", side * side),
          .equations = "m ri'' = -sum over j of dV(|ri - rj|) / dri",
          .hamiltonian = "m sum vi^2 / 2 + sum V(|ri - rj|)",
          .citation =
              "Lennard-Jones, On the determination of molecular fields, Proceedings of the "
              "Royal Society A 106:463, 1924",
          .coordinates = coordinates(side * side),
          .constants = {{"epsilon", 1, 1e-3, 1e3, "1", "depth of the potential"},
                        {"sigma", 1, 0.05, 10, "1", "distance at which it is 0"},
                        {"m", 1, 1e-3, 1e3, "1", "mass of an atom"},
                        {"box", 1.5 * side, 0.5, 1e3, "1", "edge of the box"}},
          .sampling = {{"disorder", 0.2, 0, 0.4, "1", "shift from the lattice / its spacing"},
                       {"speed", 0.5, 0, 10, "1/s", "standard deviation of a velocity"}},
          .invariants = {conserved("energy", "m sum vi^2 / 2 + sum V(|ri - rj|)", bar, energy),
                         conserved("momentum_x", "m sum vxi", bar, momentum<0>),
                         conserved("momentum_y", "m sum vyi", bar, momentum<1>)},
          .steps = 51,
          .t_end = 2,
          .noise_std = 0.02,
          // rkf78 looks at both ends of a step for its error, and misses a wall between them
          .integrator = "dopri5",
          .separable = true,
          .derivative = derivative,
          .sample_initial_state = side == 2 ? start<2> : start<4>};
}

}  // namespace noether::sim
