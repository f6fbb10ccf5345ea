#include "sim/two_body.h"

#include <cmath>

namespace noether::sim {
namespace {

double distance(std::span<const double> state) {
  return std::hypot(state[0] - state[2], state[1] - state[3]);
}

void derivative(std::span<const double> state, std::span<const double> /*constants*/,
                std::span<double> rate) {
  const double dx = state[0] - state[2];
  const double dy = state[1] - state[3];
  const double square = dx * dx + dy * dy;
  const double inverse_cube = 1 / (square * std::sqrt(square));
  for (std::size_t i = 0; i < 4; ++i) rate[i] = state[4 + i];
  rate[4] = -dx * inverse_cube;
  rate[5] = -dy * inverse_cube;
  // action and reaction to the last bit
  rate[6] = -rate[4];
  rate[7] = -rate[5];
}

double energy(std::span<const double> state, std::span<const double> /*constants*/) {
  double square_speeds = 0;
  for (std::size_t i = 4; i < 8; ++i) square_speeds += state[i] * state[i];
  return square_speeds / 2 - 1 / distance(state);
}

double momentum_x(std::span<const double> state, std::span<const double> /*constants*/) {
  return state[4] + state[6];
}

double momentum_y(std::span<const double> state, std::span<const double> /*constants*/) {
  return state[5] + state[7];
}

double angular_momentum(std::span<const double> state, std::span<const double> /*constants*/) {
  return state[0] * state[5] - state[1] * state[4] + state[2] * state[7] - state[3] * state[6];
}

// One body in the first quadrant with nearly the speed of a circular orbit about the origin, the
// other its mirror image.
std::vector<double> start(base::RandomStream& random, std::span<const double> sampling,
                          std::span<const double> /*constants*/) {
  const double x = random.uniform(sampling[0], sampling[1]);
  const double y = random.uniform(sampling[0], sampling[1]);
  const double radius = std::hypot(x, y);
  const double circular_speed = 1 / (2 * std::sqrt(radius));
  const double speed = circular_speed * (1 + sampling[2] * random.normal());
  const double vx = -y / radius * speed;
  const double vy = x / radius * speed;
  return {x, y, -x, -y, vx, vy, -vx, -vy};
}

// the bar of this library, 1e-11, for all four
std::vector<Invariant> invariants() {
  return {{.name = "energy",
           .unit = "1",
           .formula = "(vx1^2 + vy1^2 + vx2^2 + vy2^2) / 2 - 1 / r",
           .law = Law::conserved,
           .tolerance = 1e-11,
           .value = energy},
          {.name = "momentum_x",
           .unit = "1",
           .formula = "vx1 + vx2",
           .law = Law::conserved,
           .tolerance = 1e-11,
           .value = momentum_x},
          {.name = "momentum_y",
           .unit = "1",
           .formula = "vy1 + vy2",
           .law = Law::conserved,
           .tolerance = 1e-11,
           .value = momentum_y},
          {.name = "angular_momentum",
           .unit = "1",
           .formula = "x1 vy1 - y1 vx1 + x2 vy2 - y2 vx2",
           .law = Law::conserved,
           .tolerance = 1e-11,
           .value = angular_momentum}};
}

}  // namespace

System two_body() {
  return {
      .name = "two-body",
      .title = "two bodies under gravity on nearly circular orbits",
      .equations = "(x1, y1)'' = -r / |r|^3, (x2, y2)'' = r / |r|^3, r = (x1 - x2, y1 - y2)",
      .hamiltonian = "(vx1^2 + vy1^2 + vx2^2 + vy2^2) / 2 - 1 / r",
      .citation = "Greydanus, Dzamba, Yosinski, Hamiltonian neural networks, NeurIPS 2019",
      .coordinates = {{"x1", "1", "1/s"},
                      {"y1", "1", "1/s"},
                      {"x2", "1", "1/s"},
                      {"y2", "1", "1/s"},
                      {"vx1", "1/s", "1/s^2"},
                      {"vy1", "1/s", "1/s^2"},
                      {"vx2", "1/s", "1/s^2"},
                      {"vy2", "1/s", "1/s^2"}},
      .constants = {},
      .sampling = {{"position_min", 0.5, 0.01, 100, "1", "least x1 and y1"},
                   {"position_max", 1.5, 0.01, 100, "1", "greatest x1 and y1"},
                   {"speed_noise", 0.05, 0, 0.5, "1", "relative spread about the circular speed"}},
      .invariants = invariants(),
      .steps = 50,
      .t_end = 20,
      // speeds are near 0.45: a tenth of them
      .noise_std = 0.05,
      .separable = true,
      .derivative = derivative,
      .sample_initial_state = start,
  };
}

}  // namespace noether::sim
