// How long one step of training takes, and what video models are made of, on one thread: the same
// work as bench/peers/peers.py.

#include <benchmark/benchmark.h>

#include <cmath>

#include "base/random.h"
#include "learn/autodiff/custom.h"
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

// At most so many rows in a piece: 375 is what training uses, four pieces of 281 or 282; 188 makes
// six, 563 two, 1125 is all at once.
void rows(benchmark::internal::Benchmark* each) {
  for (const int count : {375, 188, 563, 1125}) each->Arg(count);
  each->ArgName("rows")->Unit(benchmark::kMillisecond);
}
BENCHMARK(vanilla)->Apply(rows);
BENCHMARK(hnn)->Apply(rows);
BENCHMARK(meta)->Apply(rows);

Tensor uniform(const learn::Shape& shape, std::uint64_t index) {
  noether::base::RandomStream random(0, noether::base::Purpose::weights, index);
  return Tensor::build<float>(shape, [&](std::span<float> out) {
    for (float& value : out) value = static_cast<float>(random.uniform(-0.1, 0.1));
  });
}

// All three convolutions of each level of an encoder of two frames, 4 x 4 in steps of 2 down to
// 4 x 4 pixels, for a batch of 16.
void conv(benchmark::State& state) {
  struct Level {
    Tensor x, w, g;
  };
  std::vector<Level> levels;
  std::int64_t channels = 2, wider = state.range(1);
  for (std::int64_t px = state.range(0); px > 4; px /= 2, channels = wider, wider *= 2) {
    levels.push_back({uniform({16, channels, px, px}, 0), uniform({wider, channels, 4, 4}, 1),
                      uniform({16, wider, px / 2, px / 2}, 2)});
  }
  const learn::Window window{.stride = 2, .padding = 1};
  for (auto _ : state) {
    for (const auto& [x, w, g] : levels) {
      benchmark::DoNotOptimize(conv2d(x, w, window));
      benchmark::DoNotOptimize(conv2d_dx(g, w, x.shape(), window));
      benchmark::DoNotOptimize(conv2d_dw(x, g, w.shape(), window));
    }
  }
}
BENCHMARK(conv)
    ->Args({32, 8})
    ->Args({32, 16})
    ->Args({64, 16})
    ->ArgNames({"px", "nf"})
    ->Unit(benchmark::kMillisecond);

// The gradient of a scan of 30 LSTM steps with 141,728 weights, batch 16; the argument tells
// whether each step is a checkpoint, which may cost 1.4 times the plain one.
void lstm_gradient(benchmark::State& state) {
  constexpr std::int64_t batch = 16, in = 33, hidden = 172;
  using Carried = std::pair<Tensor, Tensor>;  // h, c
  const learn::Params weights{{"W", uniform({4 * hidden, in + hidden}, 0)},
                              {"b", uniform({4 * hidden}, 1)}};
  const auto cell = [](const Tensor& x, const Carried& before, const learn::Params& w) {
    const Tensor z = linear(concat(learn::Tensors{x, before.first}, 1), w["W"], w["b"]);
    const auto gate = [&](int i) { return slice(z, 1, i * hidden, (i + 1) * hidden); };
    const Tensor c = sigmoid(gate(0)) * before.second + sigmoid(gate(1)) * tanh(gate(2));
    return Carried(sigmoid(gate(3)) * tanh(c), c);
  };
  const Tensor x = uniform({batch, in}, 2), none = Tensor::full({batch, hidden}, 0, DType::f32);
  const auto loss = [&](const learn::Params& w) {
    Carried carried(none, none);
    for (int step = 0; step < 30; ++step) {
      carried = state.range(0) == 0 ? cell(x, carried, w) : checkpoint(cell, x, carried, w);
    }
    return sum(square(carried.first));
  };
  for (auto _ : state) benchmark::DoNotOptimize(grad(loss, weights));
}
BENCHMARK(lstm_gradient)->Arg(0)->Arg(1)->ArgName("checkpoint")->Unit(benchmark::kMillisecond);

}  // namespace
