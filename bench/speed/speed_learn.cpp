// How long one step of training takes, on one thread: the same work as bench/peers/peers.py.

#include <benchmark/benchmark.h>

#include <cmath>

#include "base/random.h"
#include "learn/models/hnn.h"
#include "learn/models/vanilla.h"
#include "learn/noether/tailored_field.h"
#include "learn/train/rows.h"
#include "learn/train/trainer.h"

namespace {

namespace learn = noether::learn;
using learn::DType;
using learn::Tensor;

struct Points {
  Tensor x, dx;  // [n, 2]
};

// States (q, p) uniform in [-1.5, 1.5]^2, and the pendulum's (2 p, -3 sin q) there. n is that of
// the train split of the table `pendulum`.
Points pendulum_points() {
  constexpr std::int64_t n = 1125;
  noether::base::RandomStream random(0, noether::base::Purpose::initial_state, 0);
  std::vector<float> x, dx;
  for (std::int64_t i = 0; i < n; ++i) {
    const double q = random.uniform(-1.5, 1.5), p = random.uniform(-1.5, 1.5);
    for (const double value : {q, p}) x.push_back(static_cast<float>(value));
    for (const double value : {2 * p, -3 * std::sin(q)}) dx.push_back(static_cast<float>(value));
  }
  return {Tensor::from<float>(x, {n, 2}), Tensor::from<float>(dx, {n, 2})};
}

// Forward, backward, Adam and reading the loss; the argument is how many rows are computed at once.
void train_step(benchmark::State& state, const learn::Field& field, const learn::Mlp& mlp) {
  const Points points = pendulum_points();
  const auto loss =
      learn::field_loss_over_rows(field, points.x, points.dx, {.rows = state.range(0)});
  const learn::Training training{.steps = 5, .adam = {.learning_rate = 1e-3, .weight_decay = 1e-4}};
  // the first steps fill the pool of buffers
  auto now = train(training, initial_training_state(initial_weights(mlp, 0, DType::f32)), loss);
  for (auto _ : state) {
    // what train() does at each of its steps
    const auto [value, gradient] = loss(now.params);
    now.loss = value.item();
    auto next = step(training.adam, now.optimizer, now.params, gradient);
    now.params = std::move(next.params);
    now.optimizer = std::move(next.state);
  }
  state.counters["loss_first"] = now.first_loss;
  state.counters["loss_last"] = now.loss;
}

const learn::Mlp plain{.widths = {2, 200, 200, 2}};
const learn::Mlp energy{.widths = {2, 200, 200, 1}};

void vanilla(benchmark::State& state) { train_step(state, mlp_field(plain), plain); }

void hnn(benchmark::State& state) { train_step(state, hamiltonian_field(energy), energy); }

// One inner step of plain SGD on all weights, for every point by itself.
void meta(benchmark::State& state) {
  const auto g = learn::formula_quantity("p^2 - 3 cos(q)", {"q", "p"});
  const learn::InnerStep step{.rule = learn::StepRule::sgd,
                              .rate = Tensor::scalar(0.1, DType::f32)};
  train_step(state, tailored_field(plain, g, {}, step), plain);
}

// 375 is what training uses; 1125 is all at once
void rows(benchmark::internal::Benchmark* each) {
  for (const int count : {375, 188, 225, 282, 563, 1125}) each->Arg(count);
  each->ArgName("rows")->Unit(benchmark::kMillisecond);
}
BENCHMARK(vanilla)->Apply(rows);
BENCHMARK(hnn)->Apply(rows);
BENCHMARK(meta)->Apply(rows);

}  // namespace
