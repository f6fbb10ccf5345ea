#include "bench/symmetries/meta_layer.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <span>
#include <vector>

#include "base/random.h"
#include "learn/autodiff/ops.h"
#include "learn/autodiff/transforms.h"
#include "learn/train/minibatch.h"

namespace noether::bench {
namespace {

using learn::Params;
using learn::Shape;
using learn::Tensor;

std::int64_t numbers_of(const MetaLayer& layer) {
  switch (layer.sharing) {
    case Sharing::full:
    case Sharing::kronecker:
      return layer.outputs * layer.inputs;
    case Sharing::local:
      return filter_taps * filter_sites;
    case Sharing::convolution:
      return filter_taps;
    case Sharing::learned:
      break;
  }
  return layer.width;
}

bool is_dense(Sharing sharing) {
  return sharing != Sharing::local && sharing != Sharing::convolution;
}

// W [tasks, outputs, inputs] of a dense layer under v [tasks, numbers].
Tensor weights_of(const MetaLayer& layer, const Params& params, const Tensor& v) {
  const Shape shape{v.shape()[0], layer.outputs, layer.inputs};
  if (layer.sharing == Sharing::learned) return reshape(matmul(v, params["U"], false, true), shape);
  const Tensor W = reshape(v, shape);
  if (layer.sharing == Sharing::full) return W;
  return matmul(params["A"], matmul(W, params["C"], false, true));
}

// Outputs [tasks, n, outputs] of inputs [tasks, n, inputs] under v [tasks, numbers].
Tensor outputs(const MetaLayer& layer, const Params& params, const Tensor& v, const Tensor& x) {
  if (is_dense(layer.sharing)) return matmul(x, weights_of(layer, params, v), false, true);
  const std::int64_t tasks = x.shape()[0];
  const std::int64_t sites = numbers_of(layer) / filter_taps;  // that have a filter of their own
  const Tensor filters = reshape(v, {tasks, filter_taps, sites});
  Tensor y;
  for (std::int64_t t = 0; t < filter_taps; ++t) {
    const Tensor part = slice(x, 2, t, t + filter_sites) * slice(filters, 1, t, t + 1);
    y = t == 0 ? part : y + part;
  }
  return y;
}

// Of each task: the mean over examples and sites.
Tensor errors(const MetaLayer& layer, const Params& params, const Tensor& v,
              const FilterTasks& tasks) {
  const Tensor square_error = square(outputs(layer, params, v, tasks.x) - tasks.y);
  const std::int64_t count = tasks.x.shape()[0];
  return mean(reshape(square_error, {count, square_error.size() / count}), 1);
}

Tensor identity(std::int64_t n) {
  return Tensor::build<double>({n, n}, [&](std::span<double> values) {
    std::ranges::fill(values, 0);
    for (std::int64_t i = 0; i < n; ++i) values[static_cast<std::size_t>(i * (n + 1))] = 1;
  });
}

FilterTasks examples(const FilterTasks& tasks, std::int64_t begin, std::int64_t end) {
  return {slice(tasks.x, 1, begin, end), slice(tasks.y, 1, begin, end), tasks.filters};
}

Tensor drawn(const Shape& shape, std::uint64_t seed, std::uint64_t index, bool is_normal,
             double size) {
  base::RandomStream random(seed, base::Purpose::weights, index);
  return Tensor::build<double>(shape, [&](std::span<double> values) {
    for (double& value : values)
      value = size * (is_normal ? random.normal() : random.uniform(-1, 1));
  });
}

// Outputs are linear in v where vec W = U v. With x contracted with U first, as features
// [tasks, n * outputs, k], a step costs n * outputs * k products and not inputs times as many.
Tensor features_of(const MetaLayer& layer, const Tensor& U, const Tensor& x) {
  const std::int64_t tasks = x.shape()[0], n = x.shape()[1];
  const Tensor by_output = reshape(U, {layer.outputs, layer.inputs, layer.width});
  const Tensor by_input = permute(by_output, std::array{1, 0, 2});
  const Tensor flat = reshape(by_input, {layer.inputs, layer.outputs * layer.width});
  return reshape(matmul(x, flat), {tasks, n * layer.outputs, layer.width});
}

// v [tasks, k] after the inner steps, their slopes written out.
Tensor adapted_by_features(const MetaLayer& layer, const Params& params, const Tensor& start,
                           const FilterTasks& support) {
  const std::int64_t tasks = start.shape()[0], values = support.y.size() / tasks;
  const Tensor features = features_of(layer, params["U"], support.x);
  const Tensor y = reshape(support.y, {tasks, 1, values});
  Tensor v = reshape(start, {tasks, 1, layer.width});
  for (int step = 0; step < layer.inner_steps; ++step) {
    const Tensor error = matmul(v, features, false, true) - y;
    v = v - params["rate"] * scale(matmul(error, features), 2 / static_cast<double>(values));
  }
  return reshape(v, {tasks, layer.width});
}

}  // namespace

Params initial_weights(const MetaLayer& layer, std::uint64_t seed, learn::DType dtype) {
  const std::int64_t numbers = numbers_of(layer);
  Params params;
  if (layer.sharing == Sharing::learned) {
    params.add("v", drawn({1, numbers}, seed, 0, true, 1.0 / static_cast<double>(layer.outputs)));
    params.add("U", drawn({layer.outputs * layer.inputs, numbers}, seed, 1, true, 0.01));
  } else {
    const auto inputs = is_dense(layer.sharing) ? layer.inputs : filter_taps;
    params.add("v", drawn({1, numbers}, seed, 0, false, 1 / std::sqrt(inputs)));
  }
  if (layer.sharing == Sharing::kronecker) {
    params.add("A", identity(layer.outputs));
    params.add("C", identity(layer.inputs));
  }
  params.add("rate", Tensor::scalar(layer.rate));
  return cast(params, dtype);
}

Tensor adapted(const MetaLayer& layer, const Params& params, const FilterTasks& tasks) {
  const FilterTasks support = examples(tasks, 0, layer.support);
  Tensor v = broadcast_to(params["v"], {tasks.x.shape()[0], numbers_of(layer)});
  // with many examples their features would cost more than W
  if (layer.sharing == Sharing::learned && layer.support < layer.width)
    return adapted_by_features(layer, params, v, support);
  for (int step = 0; step < layer.inner_steps; ++step) {
    const Tensor slope =
        learn::grad([&](const Tensor& at) { return sum(errors(layer, params, at, support)); }, v);
    v = v - params["rate"] * slope;
  }
  return v;
}

Tensor query_errors(const MetaLayer& layer, const Params& params, const FilterTasks& tasks) {
  const FilterTasks query = examples(tasks, layer.support, tasks.x.shape()[1]);
  return errors(layer, params, adapted(layer, params, tasks), query);
}

learn::Objective meta_objective(const MetaLayer& layer, const FilterTasks& tasks,
                                std::int64_t batch) {
  const auto batches = std::make_shared<learn::Minibatches>(tasks.x.shape()[0], batch);
  const auto loss = [layer, tasks, batches](const Params& params, const learn::TrainingStep& at) {
    const auto rows = std::make_shared<const std::vector<std::int64_t>>(batches->rows(at));
    const FilterTasks few{gather(tasks.x, rows), gather(tasks.y, rows)};
    return mean(query_errors(layer, params, few));
  };
  return {.value_and_gradient =
              [loss](const Params& params, const learn::TrainingStep& at) {
                return learn::value_and_grad([&](const Params& p) { return loss(p, at); }, params);
              },
          .value = loss};
}

}  // namespace noether::bench
