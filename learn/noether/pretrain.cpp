#include "learn/noether/pretrain.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>
#include <span>
#include <utility>

#include "base/error.h"
#include "base/interrupt.h"
#include "base/random.h"
#include "learn/autodiff/ops.h"
#include "learn/autodiff/transforms.h"
#include "learn/nn/optimizers.h"

namespace noether::learn {

namespace {

// keeps the quotients finite where g is constant or the system at rest
constexpr double tiny = 1e-12;

// the squared sine that an offset of one standard deviation costs
constexpr double resolution = 1e-6;

Tensor gradients(const Quantity& g, const Params& phi, const Tensor& x) {
  return grad([&](const Tensor& at) { return sum(g(phi, at)); }, x);
}

bool are_equal(const Lengths& lengths) {
  return std::ranges::adjacent_find(lengths, std::not_equal_to<>()) == lengths.end();
}

// The trajectory of each point.
Indices owners(const Lengths& lengths) {
  std::vector<std::int64_t> all;
  for (std::size_t i = 0; i < lengths.size(); ++i)
    all.insert(all.end(), static_cast<std::size_t>(lengths[i]), static_cast<std::int64_t>(i));
  return std::make_shared<const std::vector<std::int64_t>>(std::move(all));
}

// Values of all points, [N, T] where trajectories are equally long, else [n, 1].
Tensor by_trajectory(const Tensor& values, const Lengths& lengths) {
  if (are_equal(lengths)) return reshape(values, {std::ssize(lengths), lengths.front()});
  return reshape(values, {values.size(), 1});
}

// These minus their mean along each trajectory.
Tensor centred(const Tensor& values, const Lengths& lengths) {
  if (are_equal(lengths)) return values - mean(values, 1, true);
  const Indices owner = owners(lengths);
  const std::int64_t trajectories = std::ssize(lengths);
  const Tensor size = Tensor::build<double>(
      {trajectories, 1}, [&](std::span<double> out) { std::ranges::copy(lengths, out.begin()); });
  return values - gather(scatter_add(values, owner, trajectories) / size, owner);
}

// States [n, d] moved by one offset a trajectory [N, 1, d].
Tensor moved(const Tensor& x, const Tensor& offset, const Lengths& lengths) {
  const std::int64_t n = offset.shape()[0], d = offset.shape()[2];
  if (are_equal(lengths)) return reshape(reshape(x, {n, lengths.front(), d}) + offset, x.shape());
  return x + gather(reshape(offset, {n, d}), owners(lengths));
}

// The angle at states moved by the offsets among phi, if any, and what these cost.
Tensor angle_with_offsets(const Quantity& g, const Params& phi, const Tensor& x,
                          const Tensor& dx_dt, const Lengths& lengths, double variance) {
  if (!phi.contains("offset")) return angle_loss(g, phi, x, dx_dt);
  const Tensor& offset = phi["offset"];
  const Tensor cost = scale(mean(square(offset)), resolution / variance);
  return angle_loss(g, phi, moved(x, offset, lengths), dx_dt) + cost;
}

void check_lengths(const Lengths& lengths, const Tensor& x) {
  std::int64_t points = 0;
  for (const std::int64_t length : lengths) points += length;
  if (!lengths.empty() && points == x.shape()[0]) return;
  throw base::ShapeError(fmt::format("{} trajectories have {} points, the states {}",
                                     lengths.size(), points, x.shape()[0]));
}

}  // namespace

Params initial_quantity_weights(const Mlp& mlp, std::uint64_t seed) {
  Params phi;
  std::uint64_t index = 100;  // streams apart from those of the model
  for (int layer = 1; layer <= mlp.layers(); ++layer) {
    const std::int64_t in = mlp.widths[static_cast<std::size_t>(layer - 1)],
                       out = mlp.widths[static_cast<std::size_t>(layer)];
    const double bound = std::sqrt(3 / static_cast<double>(in));
    const auto uniform = [&](const Shape& shape) {
      base::RandomStream random(seed, base::Purpose::weights, index++);
      return Tensor::build<double>(shape, [&](std::span<double> values) {
        for (double& weight : values) weight = random.uniform(-bound, bound);
      });
    };
    phi.add(weight_name(layer), uniform({out, in}));
    if (mlp.has_bias(layer)) phi.add(bias_name(layer), uniform({out}));
  }
  return phi;
}

Tensor variance_ratio(const Quantity& g, const Params& phi, const Tensor& x,
                      const Lengths& lengths) {
  check_lengths(lengths, x);
  const Tensor values = by_trajectory(g(phi, x), lengths);
  const Tensor within = mean(square(centred(values, lengths)));
  const Tensor total = mean(square(values - mean(values)));
  return within / (total + tiny);
}

Tensor angle_loss(const Quantity& g, const Params& phi, const Tensor& x, const Tensor& dx_dt) {
  const Tensor n = gradients(g, phi, x);
  return mean(square(row_dot(n, dx_dt)) / (row_dot(n, n) * row_dot(dx_dt, dx_dt) + tiny));
}

Params pretrained_quantity(const Mlp& mlp, const Pretraining& options, const Params& start,
                           const Tensor& x, const Tensor& dx_dt, const Lengths& lengths) {
  const Quantity g = network_quantity(mlp);
  Lbfgs search{.steps = options.ratio_steps,
               .memory = 100,
               .gradient_tolerance = 1e-12,
               .change_tolerance = 1e-16};
  Params phi = minimize(
      search,
      [&](const Params& at) {
        base::check_interrupt();
        return variance_ratio(g, at, x, lengths);
      },
      start);
  search.steps = options.angle_steps;
  if (options.offset_variance > 0) {
    phi.add("offset", Tensor::full({std::ssize(lengths), 1, x.shape()[1]}, 0));
  }
  phi = minimize(
      search,
      [&](const Params& at) {
        base::check_interrupt();  // thousands of steps
        return angle_with_offsets(g, at, x, dx_dt, lengths, options.offset_variance);
      },
      phi);
  const Tensors found = phi.tensors();
  phi = start.with_tensors(std::span(found).first(start.size()));
  const Tensor n = gradients(g, phi, x);
  const double size = std::sqrt(mean(row_dot(n, n)).item());
  const std::string last = weight_name(mlp.layers());
  return size > 0 ? phi.with(last, scale(phi[last], 1 / size)) : phi;
}

}  // namespace noether::learn
