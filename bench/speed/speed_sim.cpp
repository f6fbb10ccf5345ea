// How fast trajectories and transitions are made, on one thread.

#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "sim/gym_pendulum.h"
#include "sim/integrator.h"
#include "sim/sampling.h"
#include "sim/system.h"

namespace {

namespace sim = noether::sim;

// Whole trajectories of a system at its default grid and tolerance; items are trajectories.
void trajectories(benchmark::State& state, const std::string& name, const std::string& method) {
  constexpr std::int64_t count = 512;
  const sim::System& system = sim::find_system(name);
  const auto constants = sim::default_values(system.constants);
  const auto starts = sim::sample_initial_states(system, sim::default_values(system.sampling),
                                                 constants, 0, 0, count);
  const auto times = sim::time_grid(0, system.t_end, system.steps);
  sim::Integration options;
  options.method = method;
  for (auto _ : state) {
    benchmark::DoNotOptimize(sim::integrate_many(system, constants, starts, times, options));
  }
  state.SetItemsProcessed(state.iterations() * count);
}

BENCHMARK_CAPTURE(trajectories, pendulum_taylor, "pendulum", "taylor");
BENCHMARK_CAPTURE(trajectories, pendulum_rkf78, "pendulum", "rkf78");
BENCHMARK_CAPTURE(trajectories, pendulum_dopri5, "pendulum", "dopri5");
BENCHMARK_CAPTURE(trajectories, damped_pendulum_taylor, "damped-pendulum", "taylor");
BENCHMARK_CAPTURE(trajectories, damped_pendulum_rkf78, "damped-pendulum", "rkf78");
BENCHMARK_CAPTURE(trajectories, spring_rkf78, "spring", "rkf78");
BENCHMARK_CAPTURE(trajectories, two_body_rkf78, "two-body", "rkf78");
BENCHMARK_CAPTURE(trajectories, double_pendulum_rkf78, "double-pendulum", "rkf78");
BENCHMARK_CAPTURE(trajectories, light_ray_rkf78, "light-ray", "rkf78");

// Steps of the Gymnasium pendulum under a constant torque; items are transitions.
void gym_steps(benchmark::State& state) {
  sim::GymPendulum pendulum;
  for (auto _ : state) {
    pendulum.reset(sim::PendulumState{1.0, 0.0});
    for (int n = 0; n < 200; ++n) benchmark::DoNotOptimize(pendulum.step(0.5F));
  }
  state.SetItemsProcessed(state.iterations() * 200);
}
BENCHMARK(gym_steps);

}  // namespace
