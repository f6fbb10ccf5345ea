#include "sim/systems/oscillators/damped_pendulum.h"

#include <cmath>

#include "sim/systems/oscillators/pendulum.h"
#include "sim/taylor.h"

namespace noether::sim {
namespace {

void derivative(std::span<const double> state, std::span<const double> constants,
                std::span<double> rate) {
  const auto [inertia, torque, friction] = pendulum_parameters(constants);
  rate[0] = state[1] / inertia;
  rate[1] = -torque * std::sin(state[0]) - friction * state[1];
}

std::vector<double> integrate_packs(std::span<const double> constants,
                                    std::span<const double> initial_states,
                                    std::span<const double> times, const Tolerance& tolerance) {
  return taylor_pendulums(pendulum_parameters(constants), initial_states, times, tolerance);
}

}  // namespace

System damped_pendulum() {
  System system = pendulum();  // starts, coordinates, energy and method are the ideal pendulum's
  system.name = "damped-pendulum";
  system.title = "pendulum with linear friction";
  system.equations = "q' = p / (m l^2), p' = -m g l sin q - gamma p";
  system.citation +=
      "; friction as Sosanya, Greydanus, Dissipative Hamiltonian neural networks, arXiv:2201.10085";
  system.constants.push_back({"gamma", 0.02, 0.0, 10.0, "1/s", "friction"});
  system.invariants[0].law = Law::dissipated;  // an increase can only be an error
  system.steps = 201;
  system.t_end = 20;
  system.noise_std = 0.05;
  system.separable = false;
  system.packs = taylor_integrator(integrate_packs);
  system.derivative = derivative;
  return system;
}

}  // namespace noether::sim
