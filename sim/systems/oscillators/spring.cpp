#include "sim/systems/oscillators/spring.h"

#include "sim/radial_start.h"

namespace noether::sim {
namespace {

// The constants by name, in the order in which the system declares them.
struct Parameters {
  double k;
  double m;
  double friction;
};

Parameters parameters(std::span<const double> constants) {
  return {.k = constants[0], .m = constants[1], .friction = constants[2]};
}

// at the defaults, k = 2 and m = 1/2, every product with a constant is exact
void derivative(std::span<const double> state, std::span<const double> constants,
                std::span<double> rate) {
  const auto [k, m, friction] = parameters(constants);
  rate[0] = state[1] / m;
  rate[1] = -k * state[0] - friction * rate[0];
}

double energy(std::span<const double> state, std::span<const double> constants) {
  const auto [k, m, friction] = parameters(constants);
  return k / 2 * state[0] * state[0] + state[1] * state[1] / (2 * m);
}

std::vector<double> start(base::RandomStream& random, std::span<const double> sampling,
                          std::span<const double> /*constants*/) {
  return radial_start(random, 2, sampling[0], sampling[1]);
}

}  // namespace

System spring() {
  return {
      .name = "spring",
      .title = "ideal spring",
      .equations = "q' = p / m, p' = -k q - friction q'",
      .hamiltonian = "k q^2 / 2 + p^2 / (2 m)",
      .citation = "Greydanus, Dzamba, Yosinski, Hamiltonian neural networks, NeurIPS 2019",
      .coordinates = {{"q", "1", "1/s"}, {"p", "1", "1/s"}},
      .constants = {{"k", 2, 1e-3, 1e3, "1", "stiffness", true},
                    {"m", 0.5, 1e-3, 1e3, "1", "mass", true},
                    {"friction", 0, 0, 10, "1", "force of friction / velocity", true}},
      .sampling = radial_sampling(0.1, 1.0),
      // rounding alone moves the energy by some 1e-15 a step, over 30 steps and more
      .invariants = {{.name = "energy",
                      .unit = "1",
                      .formula = "k q^2 / 2 + p^2 / (2 m)",
                      .default_formula = "q^2 + p^2",
                      .law = Law::conserved,
                      .tolerance = 1e-12,
                      .value = energy}},
      .steps = 30,
      .t_end = 3,
      .noise_std = 0.1,
      .separable = true,
      .derivative = derivative,
      .sample_initial_state = start,
  };
}

}  // namespace noether::sim
