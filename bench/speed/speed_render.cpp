// How fast frames are made, one core: build/release/speed_render

#include <benchmark/benchmark.h>

#include <optional>

#include "render/pendulum_frame.h"

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

}  // namespace
