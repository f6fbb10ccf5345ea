#include "sim/planets.h"

#include <array>
#include <cmath>
#include <numbers>

namespace noether::sim {
namespace {

constexpr std::size_t bodies = 3, velocity = 2 * bodies;
constexpr std::array<std::array<std::size_t, 2>, 3> all_pairs{{{0, 1}, {0, 2}, {1, 2}}};

void derivative(std::span<const double> state, std::span<const double> masses,
                std::span<double> rate) {
  for (std::size_t i = 0; i < velocity; ++i) {
    rate[i] = state[velocity + i];
    rate[velocity + i] = 0;
  }
  for (const auto& [i, j] : all_pairs) {
    const double dx = state[2 * j] - state[2 * i], dy = state[2 * j + 1] - state[2 * i + 1];
    const double square = dx * dx + dy * dy;
    const double inverse_cube = 1 / (square * std::sqrt(square));
    rate[velocity + 2 * i] += masses[j] * dx * inverse_cube;
    rate[velocity + 2 * i + 1] += masses[j] * dy * inverse_cube;
    rate[velocity + 2 * j] -= masses[i] * dx * inverse_cube;
    rate[velocity + 2 * j + 1] -= masses[i] * dy * inverse_cube;
  }
}

double energy(std::span<const double> state, std::span<const double> masses) {
  double sum = 0;
  for (std::size_t i = 0; i < bodies; ++i) {
    const double vx = state[velocity + 2 * i], vy = state[velocity + 2 * i + 1];
    sum += masses[i] * (vx * vx + vy * vy) / 2;
  }
  for (const auto& [i, j] : all_pairs)
    sum -= masses[i] * masses[j] /
           std::hypot(state[2 * i] - state[2 * j], state[2 * i + 1] - state[2 * j + 1]);
  return sum;
}

template <std::size_t axis>
double momentum(std::span<const double> state, std::span<const double> masses) {
  double sum = 0;
  for (std::size_t i = 0; i < bodies; ++i) sum += masses[i] * state[velocity + 2 * i + axis];
  return sum;
}

double angular_momentum(std::span<const double> state, std::span<const double> masses) {
  double sum = 0;
  for (std::size_t i = 0; i < bodies; ++i)
    sum += masses[i] * (state[2 * i] * state[velocity + 2 * i + 1] -
                        state[2 * i + 1] * state[velocity + 2 * i]);
  return sum;
}

// The planets go round counter-clockwise, near the speed of a circle about the star.
std::vector<double> start(base::RandomStream& random, std::span<const double> sampling,
                          std::span<const double> masses) {
  std::vector<double> state(4 * bodies);
  for (const std::size_t k : {std::size_t{0}, velocity}) {
    state[k] = sampling[0] * random.normal();
    state[k + 1] = sampling[0] * random.normal();
  }
  for (std::size_t i = 1; i < bodies; ++i) {
    const double radius = random.uniform(sampling[2 * i], sampling[2 * i + 1]);
    const double angle = random.uniform(0, 2 * std::numbers::pi);
    const double speed = std::sqrt(masses[0] / radius) * (1 + sampling[1] * random.normal());
    state[2 * i] = state[0] + radius * std::cos(angle);
    state[2 * i + 1] = state[1] + radius * std::sin(angle);
    state[velocity + 2 * i] = state[velocity] - speed * std::sin(angle);
    state[velocity + 2 * i + 1] = state[velocity + 1] + speed * std::cos(angle);
  }
  return state;
}

std::vector<Coordinate> coordinates() {
  std::vector<Coordinate> all;
  for (const char* body : {"1", "2", "3"})
    for (const char* axis : {"x", "y"}) all.push_back({std::string(axis) + body, "1", "1/s"});
  for (const char* body : {"1", "2", "3"})
    for (const char* axis : {"vx", "vy"}) all.push_back({std::string(axis) + body, "1/s", "1/s^2"});
  return all;
}

Invariant law(const std::string& name, const std::string& formula,
              decltype(Invariant::value) value) {
  constexpr double bar = 1e-11;  // of this library
  return {.name = name, .unit = "1", .formula = formula, .tolerance = bar, .value = value};
}

}  // namespace

System planets() {
  return {.name = "planets",
          .title = "a star and two planets",
          .equations = "ri'' = sum over j of m_j (rj - ri) / |rj - ri|^3",
          .hamiltonian = "sum m v^2 / 2 - sum m_i m_j / r_ij",
          .citation = "Alet et al., Tailoring, NeurIPS 2021: the setting; this design is our own",
          .coordinates = coordinates(),
          .constants = {{"mass1", 1, 1e-3, 1e3, "1", "of the star"},
                        {"mass2", 0.06, 1e-3, 1e3, "1", "of the inner planet"},
                        {"mass3", 0.06, 1e-3, 1e3, "1", "of the outer planet"}},
          .sampling = {{"star_spread", 0.1, 0, 10, "1", "of the star's place and velocity"},
                       {"speed_spread", 0.1, 0, 0.5, "1", "relative, about the circular speed"},
                       {"inner_min", 0.6, 0.01, 100, "1", "least radius of the inner planet"},
                       {"inner_max", 1.0, 0.01, 100, "1", "greatest"},
                       {"outer_min", 1.2, 0.01, 100, "1", "least radius of the outer planet"},
                       {"outer_max", 1.7, 0.01, 100, "1", "greatest"}},
          .invariants = {law("energy", "sum m v^2 / 2 - sum m_i m_j / r_ij", energy),
                         law("momentum_x", "sum m vx", momentum<0>),
                         law("momentum_y", "sum m vy", momentum<1>),
                         law("angular_momentum", "sum m (x vy - y vx)", angular_momentum)},
          .steps = 2,
          .t_end = 1,
          .separable = true,
          .derivative = derivative,
          .sample_initial_state = start};
}

}  // namespace noether::sim
