#include "sim/systems/rigid_body.h"

#include "sim/radial_start.h"
#include "sim/system_parts.h"

namespace noether::sim {
namespace {

void derivative(std::span<const double> w, std::span<const double> I, std::span<double> rate) {
  for (std::size_t i = 0; i < 3; ++i) {
    const std::size_t j = (i + 1) % 3, k = (i + 2) % 3;
    rate[i] = (I[j] - I[k]) / I[i] * w[j] * w[k];
  }
}

double energy(std::span<const double> w, std::span<const double> I) {
  return (I[0] * w[0] * w[0] + I[1] * w[1] * w[1] + I[2] * w[2] * w[2]) / 2;
}

double squared_momentum(std::span<const double> w, std::span<const double> I) {
  double sum = 0;
  for (std::size_t i = 0; i < 3; ++i) sum += I[i] * I[i] * w[i] * w[i];
  return sum;
}

std::vector<double> start(base::RandomStream& random, std::span<const double> sampling,
                          std::span<const double> /*constants*/) {
  return radial_start(random, 3, sampling[0], sampling[1]);
}

}  // namespace

System rigid_body() {
  const std::string hamiltonian = "(I1 w1^2 + I2 w2^2 + I3 w3^2) / 2";
  constexpr double bar = 1e-12;  // rounding over some 100 steps
  return {
      .name = "rigid-body",
      .title = "a rigid body that turns freely",
      .equations = "I1 w1' = (I2 - I3) w2 w3, I2 w2' = (I3 - I1) w3 w1, I3 w3' = (I1 - I2) w1 w2",
      .hamiltonian = hamiltonian,
      .citation = "Landau, Lifshitz, Mechanics, 3rd edition, 1976, section 36",
      .coordinates = {{"w1", "1/s", "1/s^2"}, {"w2", "1/s", "1/s^2"}, {"w3", "1/s", "1/s^2"}},
      .constants = {{"I1", 1, 1e-3, 1e3, "1", "moment of inertia about the first axis"},
                    {"I2", 1.5, 1e-3, 1e3, "1", "about the second"},
                    {"I3", 2, 1e-3, 1e3, "1", "about the third"}},
      .sampling = radial_sampling(1, 2),
      .invariants = {conserved("energy", hamiltonian, bar, energy),
                     conserved("squared_angular_momentum", "I1^2 w1^2 + I2^2 w2^2 + I3^2 w3^2", bar,
                               squared_momentum)},
      .steps = 101,
      .t_end = 20,
      .noise_std = 0.05,
      .derivative = derivative,
      .sample_initial_state = start};
}

}  // namespace noether::sim
