// How long one step of meta-training takes, on one thread: of the planets' network through its
// inner step, and of a layer that learns how its weights are shared. The same work as
// bench/peers/inner.py.

#include <benchmark/benchmark.h>

#include "bench/planets/problem.h"
#include "bench/symmetries/meta_layer.h"
#include "bench/tables/tables.h"
#include "learn/nn/mlp.h"
#include "learn/train/minibatch.h"

namespace {

namespace bench = noether::bench;
namespace learn = noether::learn;

// Forward, backward, Adam and reading the loss.
void train_steps(benchmark::State& state, const learn::Params& start,
                 const learn::Objective& objective) {
  learn::Training training{.steps = 2, .adam = {.learning_rate = 1e-4}};
  auto now = train(training, initial_training_state(start), objective);
  const learn::Objective no_check{
      objective.value_and_gradient,
      [](const learn::Params&, const learn::TrainingStep&) { return learn::Tensor::scalar(0); }};
  for (auto _ : state) {
    ++training.steps;
    now = train(training, std::move(now), no_check);
  }
}

void msr(benchmark::State& state) {
  const bench::MetaLayer layer{.sharing = bench::Sharing::learned, .width = state.range(0)};
  const auto mixing = bench::site_mixing(2, 0);
  train_steps(state, initial_weights(layer, 0, learn::DType::f32),
              meta_objective(layer, bench::filter_tasks(mixing, 0, 0, 64, 20), 32));
}
BENCHMARK(msr)->ArgName("width")->Arg(6)->Arg(30)->Unit(benchmark::kMillisecond);

void planets(benchmark::State& state) {
  const bench::TableSettings settings = bench::make_settings(bench::find_table("planets").spec, {});
  const std::filesystem::path none;
  const bench::PlanetProblem problem = bench::make_planet_problem(
      {.settings = settings, .data = none, .report = [](std::string_view) {}});
  const learn::Field field = tailored_planet_field(problem, {});
  train_steps(state, initial_weights(problem.mlp, 0, learn::DType::f32),
              field_objective(field, problem.train.x, problem.train.y, {.batch = problem.batch}));
}
BENCHMARK(planets)->Unit(benchmark::kMillisecond);

}  // namespace
