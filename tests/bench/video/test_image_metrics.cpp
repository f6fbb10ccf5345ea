#include "bench/video/image_metrics.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>

#include "base/error.h"
#include "tests/support/file_bytes.h"

using namespace noether;
using learn::Shape;
using learn::Tensor;

namespace {

using Metric = std::function<std::vector<double>(const Tensor&, const Tensor&)>;

// Frames by a formula, to be made again elsewhere: a pattern of 64 greys on a ramp.
std::vector<double> pattern(int channels, int height, int width, int phase) {
  std::vector<double> values;
  for (int c = 0; c < channels; ++c) {
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) {
        const int grey = (7 * x * x + 13 * y + 5 * x * y + 29 * c + phase) % 64;
        values.push_back(grey / 128.0 + (x + y + c + phase % 5) / (2.0 * (height + width + 8)));
      }
    }
  }
  return values;
}

struct Pair {
  Tensor predicted;
  Tensor truth;
};

Pair pair_of(int channels, int height, int width) {
  const auto truth = pattern(channels, height, width, 0);
  auto predicted = pattern(channels, height, width, 17);
  for (std::size_t i = 0; i < truth.size(); ++i) predicted[i] = 0.8 * truth[i] + 0.2 * predicted[i];
  const Shape shape{1, channels, height, width};
  return {Tensor::from<double>(predicted, shape), Tensor::from<double>(truth, shape)};
}

Tensor constant(double value) { return Tensor::full({1, 1, 16, 16}, value); }

// The definition, pixel by pixel and window by window.
double direct_similarity(const Pair& pair, int size, const std::function<double(int, int)>& weight,
                         double covariance_scale) {
  const auto x = pair.predicted.to_vector(), y = pair.truth.to_vector();
  const int height = static_cast<int>(pair.truth.shape()[2]);
  const int width = static_cast<int>(pair.truth.shape()[3]);
  double sum = 0, count = 0;
  for (int top = 0; top + size <= height; ++top) {
    for (int left = 0; left + size <= width; ++left) {
      const auto mean = [&](const std::function<double(std::size_t)>& of) {
        double total = 0, weights = 0;
        for (int i = 0; i < size; ++i) {
          for (int j = 0; j < size; ++j) {
            weights += weight(i, j);
            total += weight(i, j) * of(static_cast<std::size_t>((top + i) * width + left + j));
          }
        }
        return total / weights;
      };
      const double mx = mean([&](std::size_t p) { return x[p]; });
      const double my = mean([&](std::size_t p) { return y[p]; });
      const double vx = mean([&](std::size_t p) { return (x[p] - mx) * (x[p] - mx); });
      const double vy = mean([&](std::size_t p) { return (y[p] - my) * (y[p] - my); });
      const double vxy = mean([&](std::size_t p) { return (x[p] - mx) * (y[p] - my); });
      sum += (2 * mx * my + 1e-4) * (2 * covariance_scale * vxy + 9e-4) /
             ((mx * mx + my * my + 1e-4) * (covariance_scale * (vx + vy) + 9e-4));
      ++count;
    }
  }
  return sum / count;
}

}  // namespace

TEST_CASE("image metrics are those of scikit-image", "[bench][image_metrics]") {
  // scikit-image 0.19.3, skimage.metrics on pattern(...) in float64: mean_squared_error,
  // peak_signal_noise_ratio(data_range=1), structural_similarity with the arguments named in
  // image_metrics.h, channel_axis=0 for three channels
  struct Golden {
    int channels, height, width;
    double mse, psnr, ssim, ssim_uniform;
  };
  for (const auto& golden : {Golden{1, 16, 16, 0.0022205566406250004, 26.535381446262377,
                                    0.9370358564350008, 0.9370862586741205},
                             Golden{1, 32, 32, 0.002123838824990354, 26.728784443105514,
                                    0.9374162213578521, 0.9387588964678709},
                             Golden{3, 20, 14, 0.002052841774730725, 26.876445231133218,
                                    0.9389560108881428, 0.941193793469064},
                             Golden{1, 11, 11, 0.0023515948727330115, 26.28637495389823,
                                    0.9417702142182222, 0.9407162444448138}}) {
    INFO(golden.channels << " x " << golden.height << " x " << golden.width);
    const auto [predicted, truth] = pair_of(golden.channels, golden.height, golden.width);
    // sums of up to 1024 numbers in another order
    const auto close = [](double value) { return Approx(value).epsilon(1e-12); };
    CHECK(bench::mean_squared_error(predicted, truth).at(0) == close(golden.mse));
    CHECK(bench::psnr(predicted, truth).at(0) == close(golden.psnr));
    CHECK(bench::ssim(predicted, truth).at(0) == close(golden.ssim));
    CHECK(bench::ssim_uniform(predicted, truth).at(0) == close(golden.ssim_uniform));
  }
}

TEST_CASE("structural similarity is its definition, window by window", "[bench][image_metrics]") {
  const Pair pair = pair_of(1, 13, 15);
  const auto gaussian = [](int i, int j) {
    return std::exp(-((i - 5) * (i - 5) + (j - 5) * (j - 5)) / 4.5);
  };
  // a variance of 0.03 as a difference of means of at most 1 keeps 14 digits
  CHECK(bench::ssim(pair.predicted, pair.truth).at(0) ==
        Approx(direct_similarity(pair, 11, gaussian, 1)).epsilon(1e-12));
  const auto equal = [](int, int) { return 1.0; };
  CHECK(bench::ssim_uniform(pair.predicted, pair.truth).at(0) ==
        Approx(direct_similarity(pair, 7, equal, 49.0 / 48)).epsilon(1e-12));
}

TEST_CASE("constant frames have closed forms", "[bench][image_metrics]") {
  const Tensor a = constant(0.5), b = constant(0.25);
  CHECK(bench::mean_squared_error(a, b).at(0) == 0.0625);
  // our logarithm and the C library's, a rounding each
  CHECK(bench::psnr(a, b).at(0) == Approx(20 * std::log10(4)).epsilon(1e-15));
  const double brightness = (2 * 0.125 + 1e-4) / (0.3125 + 1e-4);
  // variances of constants are roundings of 1e-17, beside C2 of 9e-4
  for (const Metric& metric : {Metric(bench::ssim), Metric(bench::ssim_uniform)})
    CHECK(metric(a, b).at(0) == Approx(brightness).epsilon(1e-12));
}

TEST_CASE("equal frames have the best values", "[bench][image_metrics]") {
  const Tensor a = pair_of(3, 16, 16).truth;
  CHECK(bench::mean_squared_error(a, a).at(0) == 0);
  CHECK(bench::psnr(a, a).at(0) == std::numeric_limits<double>::infinity());
  CHECK(bench::ssim(a, a).at(0) == Approx(1).epsilon(1e-14));
  CHECK(bench::ssim_uniform(a, a).at(0) == Approx(1).epsilon(1e-14));
}

TEST_CASE("every frame of a batch has the number that it has alone", "[bench][image_metrics]") {
  const auto one = pair_of(3, 12, 12);
  const auto join = [](const Tensor& a, const Tensor& b) {
    auto values = a.to_vector();
    const auto more = b.to_vector();
    values.insert(values.end(), more.begin(), more.end());
    return Tensor::from<double>(values, {2, 3, 12, 12});
  };
  const Tensor predicted = join(one.predicted, one.truth), truth = join(one.truth, one.truth);
  for (const Metric& metric : {Metric(bench::mean_squared_error), Metric(bench::psnr),
                               Metric(bench::ssim), Metric(bench::ssim_uniform)}) {
    const auto both = metric(predicted, truth);
    REQUIRE(both.size() == 2);
    CHECK(both[0] == metric(one.predicted, one.truth).at(0));
    CHECK(both[1] == metric(one.truth, one.truth).at(0));
    CHECK(both[0] != both[1]);
  }
}

TEST_CASE("float32 frames have the numbers of their values", "[bench][image_metrics]") {
  const auto [predicted, truth] = pair_of(1, 16, 16);
  const Tensor a = learn::cast(predicted, learn::DType::f32);
  const Tensor b = learn::cast(truth, learn::DType::f32);
  const auto wide = [](const Tensor& x) { return learn::cast(x, learn::DType::f64); };
  CHECK(bench::ssim(a, b) == bench::ssim(wide(a), wide(b)));
  CHECK(bench::psnr(a, b) == bench::psnr(wide(a), wide(b)));
}

TEST_CASE("frames of other shapes are refused", "[bench][image_metrics]") {
  const auto zeros = [](const Shape& shape) { return Tensor::full(shape, 0); };
  const auto message = [&](const Metric& metric, const Shape& a, const Shape& b) {
    return test::message_of<base::ShapeError>([&] { metric(zeros(a), zeros(b)); });
  };
  CHECK(message(bench::ssim, {2, 1, 8, 11}, {2, 1, 8, 11}) ==
        "ssim: frames of 8 x 11 px are smaller than its window of 11 x 11 px");
  CHECK(message(bench::ssim_uniform, {1, 1, 7, 6}, {1, 1, 7, 6}) ==
        "ssim_uniform: frames of 7 x 6 px are smaller than its window of 7 x 7 px");
  CHECK(message(bench::ssim_uniform, {1, 1, 7, 7}, {1, 1, 7, 7}).empty());
  CHECK(message(bench::psnr, {1, 1, 8, 8}, {1, 3, 8, 8}) ==
        "psnr: frames are [1, 1, 8, 8] and [1, 3, 8, 8]; one shape [n, c, h, w] was expected");
  CHECK_FALSE(message(bench::mean_squared_error, {1, 8, 8}, {1, 8, 8}).empty());
}
