#include "sim/systems/gravity/planets.h"

#include <cmath>
#include <numbers>

#include "sim/systems/gravity/gravity.h"

namespace noether::sim {
namespace {

constexpr std::size_t bodies = 3, velocity = 2 * bodies;
constexpr base::Uniform masses{.low = 0.02, .high = 0.1};  // of planets
// The planets go round counter-clockwise, near the speed of a circle about the star.
std::vector<double> start(base::RandomStream& random, std::span<const double> sampling,
                          std::span<const double> constants) {
  const double mass = constants[0], G = constants[bodies];
  std::vector<double> state(4 * bodies);
  for (const std::size_t k : {std::size_t{0}, velocity}) {
    state[k] = sampling[0] * random.normal();
    state[k + 1] = sampling[0] * random.normal();
  }
  for (std::size_t i = 1; i < bodies; ++i) {
    const double radius = random.uniform(sampling[2 * i], sampling[2 * i + 1]);
    const double angle = random.uniform(0, 2 * std::numbers::pi);
    const double speed = std::sqrt(mass * G / radius) * (1 + sampling[1] * random.normal());
    state[2 * i] = state[0] + radius * std::cos(angle);
    state[2 * i + 1] = state[1] + radius * std::sin(angle);
    state[velocity + 2 * i] = state[velocity] - speed * std::sin(angle);
    state[velocity + 2 * i + 1] = state[velocity + 1] + speed * std::cos(angle);
  }
  return state;
}

}  // namespace

System planets() {
  System system = gravity({{"m1", 1, 1e-3, 1e3, "1", "mass of the star"},
                           {"m2", 0.06, 1e-3, 1e3, "1", "mass of the inner planet", false, masses},
                           {"m3", 0.06, 1e-3, 1e3, "1", "mass of the outer planet", false, masses},
                           {"G", 1, 1e-3, 1e3, "1", "strength of gravity"}});
  system.name = "planets";
  system.title = "a star and two planets";
  system.citation = "Alet et al., Tailoring, NeurIPS 2021: the setting; this design is our own";
  system.sampling = {{"star_spread", 0.1, 0, 10, "1", "of the star's place and velocity"},
                     {"speed_spread", 0.1, 0, 0.5, "1", "relative, about the circular speed"},
                     {"inner_min", 0.6, 0.01, 100, "1", "least radius of the inner planet"},
                     {"inner_max", 1.0, 0.01, 100, "1", "greatest"},
                     {"outer_min", 1.2, 0.01, 100, "1", "least radius of the outer planet"},
                     {"outer_max", 1.7, 0.01, 100, "1", "greatest"},
                     {"least_distance", 0.25, 0, 1, "1", "least distance of two bodies, ever"}};
  system.steps = 51;
  system.t_end = 5;
  system.noise_std = 0.02;  // speeds are near 1
  system.sample_initial_state = start;
  return system;
}

}  // namespace noether::sim
