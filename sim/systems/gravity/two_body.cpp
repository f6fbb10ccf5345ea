#include "sim/systems/gravity/two_body.h"

#include <array>
#include <cmath>

#include "sim/systems/gravity/gravity.h"

namespace noether::sim {
namespace {

// One body in the first quadrant with nearly the speed of a circular orbit about the origin, which
// is the centre of mass; the other beyond it. Equal masses are mirror images.
std::vector<double> start(base::RandomStream& random, std::span<const double> sampling,
                          std::span<const double> constants) {
  const double m1 = constants[0], m2 = constants[1], G = constants[2];
  const double x = random.uniform(sampling[0], sampling[1]);
  const double y = random.uniform(sampling[0], sampling[1]);
  const double radius = std::hypot(x, y);
  // of equal masses: half the relative speed at twice this radius
  const double circular_speed = std::sqrt(G * (m1 + m2) / 2) / (2 * std::sqrt(radius));
  const double speed = circular_speed * (1 + sampling[2] * random.normal());
  const double vx = -y / radius * speed;
  const double vy = x / radius * speed;
  const double first = 2 * m2 / (m1 + m2), second = -2 * m1 / (m1 + m2);
  return {first * x,  first * y,  second * x,  second * y,
          first * vx, first * vy, second * vx, second * vy};
}

// The formulas of the default constants, as people write them.
constexpr std::array<const char*, 4> formulas{"(vx1^2 + vy1^2 + vx2^2 + vy2^2) / 2 - 1 / r",
                                              "vx1 + vx2", "vy1 + vy2",
                                              "x1 vy1 - y1 vx1 + x2 vy2 - y2 vx2"};

}  // namespace

System two_body() {
  System system = gravity({{"m1", 1, 1e-3, 1e3, "1", "mass of the first body", true},
                           {"m2", 1, 1e-3, 1e3, "1", "mass of the second body", true},
                           {"G", 1, 1e-3, 1e3, "1", "strength of gravity", true}});
  system.name = "two-body";
  system.title = "two bodies under gravity on nearly circular orbits";
  system.citation = "Greydanus, Dzamba, Yosinski, Hamiltonian neural networks, NeurIPS 2019";
  system.sampling = {
      {"position_min", 0.5, 0.01, 100, "1", "least x1 and y1, of equal masses"},
      {"position_max", 1.5, 0.01, 100, "1", "greatest"},
      {"speed_noise", 0.05, 0, 0.5, "1", "relative spread about the circular speed"}};
  for (std::size_t k = 0; k < formulas.size(); ++k)
    system.invariants[k].default_formula = formulas[k];
  system.steps = 50;
  system.t_end = 20;
  system.noise_std = 0.05;  // speeds are near 0.45: a tenth of them
  system.sample_initial_state = start;
  system.nearest = nullptr;  // bodies on nearly circular orbits do not meet
  return system;
}

}  // namespace noether::sim
