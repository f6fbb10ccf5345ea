#include "learn/noether/work_quantity.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/interrupt.h"
#include "learn/autodiff/ops.h"
#include "learn/nn/layers.h"
#include "learn/train/minibatch.h"
#include "learn/train/trainer.h"

namespace noether::learn {

namespace {

// keeps quotients and logarithms finite where the energy is constant
constexpr double tiny = 1e-12;

// [m, n] of ones above the diagonal: x times it are the sums of the columns before
Tensor sums_before(std::int64_t m, std::int64_t n, DType dtype) {
  const Tensor ones = Tensor::build<double>({m, n}, [&](std::span<double> values) {
    for (std::int64_t i = 0; i < m; ++i) {
      for (std::int64_t j = 0; j < n; ++j)
        values[static_cast<std::size_t>(i * n + j)] = i < j ? 1 : 0;
    }
  });
  return cast(ones, dtype);
}

// The work between every two pairs, [n, pairs - 1], of speeds [n, pairs, a].
Tensor works(const Tensor& speed, const Tensor& actions) {
  const std::int64_t pairs = speed.shape()[1];
  const Tensor twice = slice(speed, 1, 0, pairs - 1) + slice(speed, 1, 1, pairs);
  return scale(sum(slice(actions, 1, 1, pairs) * twice, 2), 0.5);
}

Tensor variance(const Tensor& x) { return mean(square(x - mean(x))); }

// The mean variance along a film.
Tensor variance_along(const Tensor& c) { return mean(square(c - mean(c, 1, true))); }

}  // namespace

Params WorkQuantity::init(std::uint64_t seed, DType dtype) const {
  InitialWeights weights(seed, dtype);
  weights.add("P", {features, pixels}, pixels);
  weights.add("W1", {hidden, 2 * features}, 2 * features);
  weights.add("b1", {hidden}, 2 * features);
  weights.add("W2", {hidden, hidden}, hidden);
  weights.add("b2", {hidden}, hidden);
  weights.add("W3", {1 + actions, hidden}, hidden);
  weights.add("b3", {1 + actions}, hidden);
  return weights.params();
}

WorkQuantity::Parts WorkQuantity::parts(const Params& phi, const Clips& clips) const {
  const std::int64_t n = clips.frames[0].shape()[0], frames = std::ssize(clips.frames);
  const std::int64_t pairs = frames - 1;
  const Tensor seen =
      matmul(reshape(film_of(clips.frames), {n * frames, pixels}), phi["P"], false, true);
  const Tensor shortened = scale_rows(seen, power(shift(row_dot(seen, seen), 1e-4), -0.5));
  const Tensor p = reshape(shortened, {n, frames, features});
  const Tensor first = slice(p, 1, 0, pairs);
  const Tensor change = scale(slice(p, 1, 1, frames) - first, 5);
  Tensor h = reshape(concat(std::vector{first, change}, 2), {n * pairs, 2 * features});
  h = tanh(linear(h, phi["W1"], phi["b1"]));
  h = tanh(linear(h, phi["W2"], phi["b2"]));
  const Tensor made = reshape(linear(h, phi["W3"], phi["b3"]), {n, pairs, 1 + actions});
  const Tensor e = reshape(slice(made, 2, 0, 1), {n, pairs});
  if (!counts_work || pairs == 1) return {e, e};
  const Tensor work = works(slice(made, 2, 1, 1 + actions), clips.actions);
  return {e, e - matmul(work, sums_before(pairs - 1, pairs, e.dtype()))};
}

Tensor WorkQuantity::operator()(const Params& phi, const Clips& clips) const {
  const Tensor c = parts(phi, clips).conserved;
  return reshape(c, {c.shape()[0], c.shape()[1], 1});
}

ClipQuantity frozen(const WorkQuantity& g, const Params& phi) {
  return [g, phi](const Params&, const Clips& clips) { return g(phi, clips); };
}

Tensor conserved_ratio(const WorkQuantity::Parts& parts) {
  return variance_along(parts.conserved) / shift(variance(parts.energy), tiny);
}

Tensor work_loss(const WorkQuantity::Parts& parts) {
  const Tensor size = shift(variance(parts.energy), tiny);
  const Tensor off = square(parts.energy - mean(parts.energy));
  const Tensor kurtosis = mean(square(off)) / square(size);
  return log(shift(conserved_ratio(parts), tiny)) + scale(square(log(size)), 1e-3) +
         scale(relu(shift(kurtosis, -2)), 0.3);
}

PretrainedWork pretrained_work(const WorkQuantity& g, const WorkPretraining& options,
                               std::uint64_t seed, const ClipSource& train, std::int64_t count,
                               const Clips& validation) {
  const auto batches = std::make_shared<Minibatches>(count, options.batch);
  const Objective objective{[&](const Params& phi, const TrainingStep& at) {
    base::check_interrupt();
    const Clips clips = train(batches->rows(at), std::ssize(validation.frames));
    return value_and_grad([&](const Params& p) { return work_loss(g.parts(p, clips)); }, phi);
  }};
  PretrainedWork best{.ratio = std::numeric_limits<double>::infinity()};
  for (int start = 0; start < options.starts && best.ratio > options.good_ratio; ++start) {
    const std::uint64_t own = seed + (static_cast<std::uint64_t>(start) << 32);
    const Training training{
        .steps = options.steps,
        .adam = {.learning_rate = options.learning_rate, .weight_decay = options.weight_decay},
        .schedule = Schedule::cosine,
        .warmup_steps = options.warmup_steps,
        .seed = own};
    const Params first = g.init(own, validation.actions.dtype());
    const Params phi = learn::train(training, initial_training_state(first), objective).params;
    const double ratio = conserved_ratio(g.parts(phi, validation)).item();
    if (ratio < best.ratio) best = {phi, ratio, start};
    best.starts = start + 1;
  }
  const double size = std::sqrt(variance(g.parts(best.phi, validation).energy).item());
  for (const char* name : {"W3", "b3"})
    best.phi = best.phi.with(name, scale(best.phi[name], 1 / size));
  return best;
}

}  // namespace noether::learn
