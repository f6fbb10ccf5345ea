#include "bench/video/image_metrics.h"

#include <fmt/format.h>

#include <numbers>
#include <numeric>
#include <span>

#include "base/error.h"
#include "learn/autodiff/ops.h"

namespace noether::bench {
namespace {

using learn::Tensor;
using Values = std::vector<double>;
using View = std::span<const double>;

void check_shapes(const char* metric, const Tensor& predicted, const Tensor& truth) {
  if (predicted.shape() == truth.shape() && truth.shape().rank() == 4) return;
  throw base::ShapeError(
      fmt::format("{}: frames are {} and {}; one shape [n, c, h, w] was expected", metric,
                  to_string(predicted.shape()), to_string(truth.shape())));
}

// The weights of a row of a window; the window is their outer product.
struct Window {
  const char* metric;
  Values weights;
  double covariance_scale;  // from means of products to variances

  std::int64_t size() const { return std::ssize(weights); }
};

Window gaussian_window() {
  constexpr int radius = 5;
  constexpr double sigma = 1.5;
  Values exponents;
  for (int i = -radius; i <= radius; ++i) exponents.push_back(-i * i / (2 * sigma * sigma));
  // the library's own exp: the same bits on every processor
  Values weights = learn::exp(Tensor::from<double>(exponents, {std::ssize(exponents)})).to_vector();
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  for (double& weight : weights) weight /= sum;
  return {"ssim", weights, 1};
}

Window uniform_window() {
  constexpr std::size_t size = 7;
  constexpr double count = size * size;
  return {"ssim_uniform", Values(size, 1.0 / size), count / (count - 1)};
}

// The weighted means of a plane (h, w) over all windows inside it, (h - size + 1, w - size + 1).
Values filtered(const Values& plane, std::int64_t width, const Values& weights) {
  const std::int64_t size = std::ssize(weights), columns = width - size + 1;
  const std::int64_t height = std::ssize(plane) / width, rows = height - size + 1;
  Values across(static_cast<std::size_t>(height * columns));
  for (std::int64_t i = 0; i < height * columns; ++i) {
    const auto first = plane.begin() + i / columns * width + i % columns;
    across[static_cast<std::size_t>(i)] =
        std::inner_product(weights.begin(), weights.end(), first, 0.0);
  }
  Values means(static_cast<std::size_t>(rows * columns), 0.0);
  for (std::int64_t i = 0; i < rows * columns; ++i) {
    for (std::int64_t k = 0; k < size; ++k) {
      means[static_cast<std::size_t>(i)] +=
          weights[static_cast<std::size_t>(k)] * across[static_cast<std::size_t>(i + k * columns)];
    }
  }
  return means;
}

Values products(View a, View b) {
  Values all(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) all[i] = a[i] * b[i];
  return all;
}

// of two planes (h, w)
double similarity(View x, View y, std::int64_t width, const Window& window) {
  constexpr double c1 = 0.01 * 0.01, c2 = 0.03 * 0.03;
  const auto mean = [&](const Values& plane) { return filtered(plane, width, window.weights); };
  const Values mx = mean({x.begin(), x.end()}), my = mean({y.begin(), y.end()});
  const Values xx = mean(products(x, x)), yy = mean(products(y, y)), xy = mean(products(x, y));
  double sum = 0;
  for (std::size_t i = 0; i < mx.size(); ++i) {
    const double vx = window.covariance_scale * (xx[i] - mx[i] * mx[i]);
    const double vy = window.covariance_scale * (yy[i] - my[i] * my[i]);
    const double covariance = window.covariance_scale * (xy[i] - mx[i] * my[i]);
    sum += (2 * mx[i] * my[i] + c1) * (2 * covariance + c2) /
           ((mx[i] * mx[i] + my[i] * my[i] + c1) * (vx + vy + c2));
  }
  return sum / static_cast<double>(mx.size());
}

Values mean_similarity(const Tensor& predicted, const Tensor& truth, const Window& window) {
  check_shapes(window.metric, predicted, truth);
  const auto frames = truth.shape()[0], channels = truth.shape()[1];
  const auto height = truth.shape()[2], width = truth.shape()[3];
  if (height < window.size() || width < window.size()) {
    throw base::ShapeError(
        fmt::format("{}: frames of {} x {} px are smaller than its window of {} x {} px",
                    window.metric, height, width, window.size(), window.size()));
  }
  const Values x = predicted.to_vector(), y = truth.to_vector();
  const auto plane = static_cast<std::size_t>(height * width);
  const auto per_frame = static_cast<std::size_t>(channels);
  Values means(static_cast<std::size_t>(frames), 0.0);
  for (std::size_t k = 0; k < means.size() * per_frame; ++k) {
    means[k / per_frame] += similarity(View(x).subspan(k * plane, plane),
                                       View(y).subspan(k * plane, plane), width, window) /
                            static_cast<double>(channels);
  }
  return means;
}

}  // namespace

Values mean_squared_error(const Tensor& predicted, const Tensor& truth) {
  check_shapes("mse", predicted, truth);
  const Values x = predicted.to_vector(), y = truth.to_vector();
  Values means(static_cast<std::size_t>(truth.shape()[0]), 0.0);
  for (std::size_t frame = 0; frame < means.size(); ++frame) {
    const std::size_t size = x.size() / means.size(), first = frame * size;
    for (std::size_t i = first; i < first + size; ++i)
      means[frame] += (x[i] - y[i]) * (x[i] - y[i]);
    means[frame] /= static_cast<double>(size);
  }
  return means;
}

Values psnr(const Tensor& predicted, const Tensor& truth) {
  check_shapes("psnr", predicted, truth);
  return decibels(mean_squared_error(predicted, truth));
}

Values decibels(const Values& mse) {
  // the library's own logarithm: the same bits on every processor
  Values ratios = learn::log(Tensor::from<double>(mse, {std::ssize(mse)})).to_vector();
  for (double& ratio : ratios) ratio *= -10 / std::numbers::ln10;
  return ratios;
}

Values ssim(const Tensor& predicted, const Tensor& truth) {
  return mean_similarity(predicted, truth, gaussian_window());
}

Values ssim_uniform(const Tensor& predicted, const Tensor& truth) {
  return mean_similarity(predicted, truth, uniform_window());
}

}  // namespace noether::bench
