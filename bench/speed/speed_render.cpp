// How fast frames are made, one core: build/release/speed_render

#include <benchmark/benchmark.h>

#include <optional>

#include "render/films/film.h"
#include "render/gym/pendulum_frame.h"
#include "sim/integrator.h"
#include "sim/sampling.h"

namespace {

using namespace noether::render;

// A swinging pendulum under changing torque: every frame differs from the last.
struct Pose {
  double theta;
  std::optional<double> torque;
};
Pose pose_at(int n) { return {0.11 * n, 2.0 * ((n * 37) % 101 - 50) / 50.0}; }

void fast_frame(benchmark::State& state) {
  PendulumRenderer renderer(static_cast<int>(state.range(0)));
  int n = 0;
  for (auto _ : state) {
    const Pose pose = pose_at(n++);
    benchmark::DoNotOptimize(renderer.draw(pose.theta, pose.torque).data());
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(fast_frame)->Arg(16)->Arg(64)->Arg(128)->Arg(500);

void plain_frame(benchmark::State& state) {
  int n = 0;
  for (auto _ : state) {
    const Pose pose = pose_at(n++);
    benchmark::DoNotOptimize(pendulum_frame(pose.theta, pose.torque));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(plain_frame);

void plain_average(benchmark::State& state) {
  const Image image = pendulum_frame(1, 2.0);
  for (auto _ : state) benchmark::DoNotOptimize(area_average(image, 64));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(plain_average);

// Films of one trajectory at its defaults, with its sines; the states are made beforehand.
void film_of(benchmark::State& state, const char* name) {
  const auto& system = noether::sim::find_system(name);
  const auto constants = noether::sim::default_values(system.constants);
  const auto times = noether::sim::time_grid(0, system.t_end, system.steps);
  const auto start = noether::sim::sample_initial_states(
      system, noether::sim::default_values(system.sampling), constants, 0, 0, 1);
  const auto states =
      noether::sim::integrate(system, constants, start, times, {.method = system.integrator});
  const FilmOptions options{.size_px = static_cast<int>(state.range(0))};
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        film(*known_scene(name), states, system.dimension(), constants, options, 0, 0));
  }
  state.SetItemsProcessed(state.iterations() * system.steps);
}
BENCHMARK_CAPTURE(film_of, spring, "spring")->Arg(64);
BENCHMARK_CAPTURE(film_of, double_pendulum, "double-pendulum")->Arg(64);
BENCHMARK_CAPTURE(film_of, spring_ring, "spring-ring")->Arg(64);
BENCHMARK_CAPTURE(film_of, rigid_body, "rigid-body")->Arg(64);
BENCHMARK_CAPTURE(film_of, n_body_32, "n-body-32")->Arg(64);
BENCHMARK_CAPTURE(film_of, lennard_jones_16, "lennard-jones-16")->Arg(64)->Arg(500);

}  // namespace
