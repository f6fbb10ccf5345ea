#include "sim/systems/gravity/n_body.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/error.h"
#include "sim/systems/gravity/gravity.h"

namespace noether::sim {
namespace {

// The first `resting` bodies are in the centre.
template <std::size_t resting>
std::vector<double> start(base::RandomStream& random, std::span<const double> sampling,
                          std::span<const double> constants) {
  const std::size_t n = constants.size() - 1;
  const double turn = random.uniform(0, 2 * std::numbers::pi);
  std::vector<double> state(4 * n), rate(4 * n);
  for (std::size_t i = resting; i < n; ++i) {
    const double angle =
        turn + 2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(n - resting);
    const double radius = random.uniform(sampling[0], sampling[1]);
    state[2 * i] = radius * std::cos(angle);
    state[2 * i + 1] = radius * std::sin(angle);
  }
  gravity(std::vector<Constant>(n + 1)).derivative(state, constants, rate);
  for (std::size_t i = resting; i < n; ++i) {
    const double x = state[2 * i], y = state[2 * i + 1];
    const double inwards = -(x * rate[2 * (n + i)] + y * rate[2 * (n + i) + 1]);
    const double turning = std::sqrt(std::max(0.0, inwards) / (x * x + y * y));
    const double share = 1 + sampling[2] * random.normal();
    state[2 * (n + i)] = -share * turning * y;
    state[2 * (n + i) + 1] = share * turning * x;
  }
  return state;
}

struct Ring {
  std::vector<double> masses;
  double spread = 0;  // of distances from 1, and of speeds
  double apart = 0;   // least distance of two bodies
};

System on_ring(const Ring& ring) {
  std::vector<Constant> constants;
  for (const double mass : ring.masses) {
    constants.push_back(
        {fmt::format("m{}", constants.size() + 1), mass, 1e-6, 1e3, "1", "mass of a body"});
  }
  constants.push_back({"G", 1, 1e-3, 1e3, "1", "strength of gravity"});
  System system = gravity(std::move(constants));
  system.sampling = {
      {"radius_min", 1 - ring.spread, 0.01, 100, "1", "least distance of a start from the centre"},
      {"radius_max", 1 + ring.spread, 0.01, 100, "1", "greatest"},
      {"speed_noise", ring.spread, 0, 0.5, "1", "relative spread about the speed of a circle"},
      {"least_distance", ring.apart, 0, 1, "1", "of two bodies, ever"}};
  system.steps = 51;
  system.t_end = 5;
  system.noise_std = 0.02;  // speeds are near 1
  return system;
}

}  // namespace

System three_body() {
  System system = on_ring({.masses = {1, 1, 1}, .spread = 0.1, .apart = 0.25});
  system.sample_initial_state = start<0>;
  system.name = "three-body";
  system.title = "three bodies under gravity";
  system.citation = "Greydanus, Dzamba, Yosinski, Hamiltonian neural networks, NeurIPS 2019";
  return system;
}

System n_body(int bodies) {
  if (bodies < least_bodies || bodies > most_bodies) {
    throw base::UsageError(fmt::format("n-body-{}: from {} to {} bodies can be asked for", bodies,
                                       least_bodies, most_bodies));
  }
  const double n = bodies;
  Ring ring{.masses = {1}, .spread = std::min(0.1, 2 / (n * n)), .apart = 0.5 / n};
  ring.masses.resize(static_cast<std::size_t>(bodies), 0.1 / (n * n));
  System system = on_ring(ring);
  system.sample_initial_state = start<1>;
  system.name = fmt::format("n-body-{}", bodies);
  system.title = fmt::format("{} bodies under gravity: a star and moons", bodies);
  system.citation = "Maxwell, On the stability of the motion of Saturn's rings, 1859";
  return system;
}

}  // namespace noether::sim
