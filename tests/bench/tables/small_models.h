#pragma once

// Datasets, fields and checkpoints that take milliseconds.

#include <cmath>
#include <filesystem>

#include "bench/data/task.h"
#include "bench/model/checkpoint.h"
#include "learn/autodiff/ops.h"
#include "tests/support/small_datasets.h"

namespace noether::test {

// Ten springs of 301 points on 0..3, without noise unless stated; the first half trains.
inline void generate_springs(const std::filesystem::path& path, dataset::Overrides overrides = {}) {
  overrides.try_emplace("n", "10");
  overrides.try_emplace("steps", "301");
  overrides.try_emplace("noise_std", "0");
  generate(recipe_of("spring", overrides), path);
}

// The spring itself, q' = 2 p - friction q, p' = -2 q - friction p, as a field with weights A.
inline learn::Field linear_field() {
  return [](const learn::Params& params, const learn::Tensor& x) {
    return learn::matmul(x, params["A"]);
  };
}
inline learn::Params spring_weights(double friction = 0) {
  return {{"A", learn::Tensor::from({-friction, -2, 2, -friction}, {2, 2})}};
}

// An untrained model of the task with everything that a file holds.
inline bench::Checkpoint small_checkpoint(const bench::Task& task, std::int64_t steps = 30) {
  const std::vector<std::int64_t> hidden{6, 5};
  bench::Checkpoint checkpoint{.model = learn::find_model("mlp").make({task.dimension(), hidden}),
                               .system = task.system,
                               .coordinates = task.coordinates,
                               .data_sha256 = task.content_sha256,
                               .noise_std = 0.25,
                               .seed = 7,
                               .training = {.steps = steps, .adam = {.weight_decay = 1e-4}},
                               .command_line = "noether train",
                               .config_toml = "steps = 30\n"};
  checkpoint.state =
      learn::initial_training_state(checkpoint.model->init(checkpoint.seed, learn::DType::f32));
  return checkpoint;
}

}  // namespace noether::test
