#include "sim/systems/oscillators/spring_ring.h"

#include "sim/radial_start.h"
#include "sim/system_parts.h"

namespace noether::sim {
namespace {

constexpr std::size_t masses = 5;

// the constants are k and m
void derivative(std::span<const double> state, std::span<const double> constants,
                std::span<double> rate) {
  for (std::size_t i = 0; i < masses; ++i) {
    const double left = state[(i + masses - 1) % masses], right = state[(i + 1) % masses];
    rate[i] = state[masses + i] / constants[1];
    rate[masses + i] = constants[0] * ((left - state[i]) + (right - state[i]));
  }
}

double energy(std::span<const double> state, std::span<const double> constants) {
  double kinetic = 0, stretched = 0;
  for (std::size_t i = 0; i < masses; ++i) {
    const double stretch = state[i] - state[(i + 1) % masses];
    kinetic += state[masses + i] * state[masses + i];
    stretched += stretch * stretch;
  }
  return kinetic / (2 * constants[1]) + constants[0] * stretched / 2;
}

double momentum(std::span<const double> state, std::span<const double> /*constants*/) {
  double sum = 0;
  for (std::size_t i = 0; i < masses; ++i) sum += state[masses + i];
  return sum;
}

std::vector<double> start(base::RandomStream& random, std::span<const double> sampling,
                          std::span<const double> /*constants*/) {
  return radial_start(random, 2 * masses, sampling[0], sampling[1]);
}

}  // namespace

System spring_ring() {
  constexpr double bar = 1e-12;  // rounding over some 100 steps
  auto names = numbered("q", masses);
  for (const std::string& name : numbered("p", masses)) names.push_back(name);
  return {.name = "spring-ring",
          .title = "five masses and springs on a ring",
          .equations = "qi' = pi / m, pi' = k (qi-1 - 2 qi + qi+1)",
          .hamiltonian = "sum pi^2 / (2 m) + k sum (qi - qi+1)^2 / 2",
          .citation =
              "Born, von Karman, Ueber Schwingungen in Raumgittern, Physikalische "
              "Zeitschrift 13:297, 1912",
          .coordinates = plain_coordinates(names),
          .constants = {{"k", 1, 1e-3, 1e3, "1", "stiffness"}, {"m", 1, 1e-3, 1e3, "1", "mass"}},
          .sampling = radial_sampling(1, 2),
          .invariants = {conserved("energy",
                                   "(p1^2 + p2^2 + p3^2 + p4^2 + p5^2) / (2 m) + k ((q1 - q2)^2 + "
                                   "(q2 - q3)^2 + (q3 - q4)^2 + (q4 - q5)^2 + (q5 - q1)^2) / 2",
                                   bar, energy),
                         conserved("momentum", "p1 + p2 + p3 + p4 + p5", bar, momentum)},
          .steps = 51,
          .t_end = 10,
          .noise_std = 0.02,
          .separable = true,
          .derivative = derivative,
          .sample_initial_state = start};
}

}  // namespace noether::sim
