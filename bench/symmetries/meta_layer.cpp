#include "bench/symmetries/meta_layer.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
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
using Columns = std::vector<std::vector<double>>;

constexpr std::int64_t weights = filter_sites * filter_inputs;

std::int64_t numbers_of(const MetaLayer& layer) {
  switch (layer.sharing) {
    case Sharing::full:
      return weights;
    case Sharing::local:
      return filter_taps * filter_sites;
    case Sharing::convolution:
      return filter_taps;
    case Sharing::learned:
      break;
  }
  return layer.width;
}

// Outputs [tasks, n, 68] of inputs [tasks, n, 70] under v [tasks, numbers].
Tensor outputs(const MetaLayer& layer, const Params& params, const Tensor& v, const Tensor& x) {
  const std::int64_t tasks = x.shape()[0];
  if (layer.sharing == Sharing::full || layer.sharing == Sharing::learned) {
    const Tensor W = layer.sharing == Sharing::full ? v : matmul(v, params["U"], false, true);
    return matmul(x, reshape(W, {tasks, filter_sites, filter_inputs}), false, true);
  }
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

double dot(const std::vector<double>& a, const std::vector<double>& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

Columns columns_of(const Tensor& matrix) {
  const std::vector<double> values = matrix.to_vector();
  Columns columns(static_cast<std::size_t>(matrix.shape()[1]));
  for (std::size_t at = 0; at < values.size(); ++at)
    columns[at % columns.size()].push_back(values[at]);
  return columns;
}

// Gram and Schmidt, twice, which leaves rounding errors alone. Columns are independent.
Columns orthonormal(Columns columns) {
  for (std::size_t j = 0; j < columns.size(); ++j) {
    std::vector<double>& column = columns[j];
    for (int round = 0; round < 2; ++round) {
      for (std::size_t i = 0; i < j; ++i) {
        const double share = dot(columns[i], column);
        for (std::size_t n = 0; n < column.size(); ++n) column[n] -= share * columns[i][n];
      }
      const double length = std::sqrt(dot(column, column));
      for (double& value : column) value /= length;
    }
  }
  return columns;
}

std::size_t row_of(std::size_t site, std::size_t tap) { return site * filter_inputs + site + tap; }

}  // namespace

Params initial_weights(const MetaLayer& layer, std::uint64_t seed, learn::DType dtype) {
  const std::int64_t numbers = numbers_of(layer);
  Params params;
  if (layer.sharing == Sharing::learned) {
    params.add("v", drawn({1, numbers}, seed, 0, true, 1.0 / filter_sites));
    params.add("U", drawn({weights, numbers}, seed, 1, true, 0.01));
  } else {
    const auto inputs = layer.sharing == Sharing::full ? filter_inputs : filter_taps;
    params.add("v", drawn({1, numbers}, seed, 0, false, 1 / std::sqrt(inputs)));
  }
  params.add("rate", Tensor::scalar(0.1));
  return cast(params, dtype);
}

Tensor adapted(const MetaLayer& layer, const Params& params, const FilterTasks& tasks) {
  const FilterTasks support = examples(tasks, 0, layer.support);
  Tensor v = broadcast_to(params["v"], {tasks.x.shape()[0], numbers_of(layer)});
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

Tensor true_weights(const FilterTasks& tasks, std::int64_t task) {
  const auto taps = tasks.filters.data<float>().subspan(
      static_cast<std::size_t>(task * filter_sites * filter_taps));
  return Tensor::build<double>({filter_sites, filter_inputs}, [&](std::span<double> W) {
    std::ranges::fill(W, 0);
    for (std::size_t i = 0; i < filter_sites; ++i)
      for (std::size_t t = 0; t < filter_taps; ++t) W[row_of(i, t)] = taps[i * filter_taps + t];
  });
}

SharingQuality sharing_quality(const Tensor& U, const Tensor& mixing) {
  const Columns columns = columns_of(U), truth = orthonormal(columns_of(true_columns(mixing)));
  double within = 0, all = 0;
  for (const auto& column : columns) {
    all += dot(column, column);
    for (std::size_t i = 0; i < filter_sites; ++i)
      for (std::size_t t = 0; t < filter_taps; ++t)
        within += column[row_of(i, t)] * column[row_of(i, t)];
  }
  double shared = 0;
  for (const auto& direction : orthonormal(columns))
    for (const auto& true_direction : truth) shared += std::pow(dot(direction, true_direction), 2);
  return {within / all, shared / static_cast<double>(truth.size())};
}

Tensor site_likeness(const Tensor& columns) {
  const Columns Q = orthonormal(columns_of(columns));
  return Tensor::build<double>({filter_sites, filter_sites}, [&](std::span<double> S) {
    std::ranges::fill(S, 0);
    for (const auto& column : Q) {
      for (std::size_t at = 0; at < S.size(); ++at) {
        for (std::size_t t = 0; t < filter_taps; ++t)
          S[at] += column[row_of(at / filter_sites, t)] * column[row_of(at % filter_sites, t)];
      }
    }
  });
}

Tensor true_columns(const Tensor& mixing) {
  const auto C = mixing.data<double>();
  const auto rank = static_cast<std::size_t>(mixing.shape()[1]);
  const std::size_t width = filter_taps * rank;
  return Tensor::build<double>(
      {weights, static_cast<std::int64_t>(width)}, [&](std::span<double> out) {
        std::ranges::fill(out, 0);
        for (std::size_t i = 0; i < filter_sites; ++i)
          for (std::size_t column = 0; column < width; ++column)
            out[row_of(i, column / rank) * width + column] = C[i * rank + column % rank];
      });
}

}  // namespace noether::bench
