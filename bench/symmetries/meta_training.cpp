#include "bench/symmetries/meta_training.h"

#include <fmt/format.h>

#include <chrono>

#include "learn/train/trainer.h"

namespace noether::bench {

MetaModel meta_trained(const MetaLayer& layer, const FilterTasks& tasks, std::int64_t steps,
                       std::uint64_t seed, const ReportStep& report) {
  constexpr std::int64_t batch = 32;
  const auto begin = std::chrono::steady_clock::now();
  const learn::Training training{
      .steps = steps, .adam = {.learning_rate = 1e-3}, .clip_norm = 10, .seed = seed};
  const learn::Hook hook{10, [&](const learn::TrainingState& state) {
                           report(fmt::format("step {} of {}", state.step, training.steps));
                         }};
  const auto start = initial_weights(layer, seed, learn::DType::f32);
  const auto state = train(training, learn::initial_training_state(start),
                           meta_objective(layer, tasks, batch), {hook});
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
  return {layer, state.params, seconds.count()};
}

}  // namespace noether::bench
