#include "bench/data/smoothing.h"

#include <fmt/format.h>

#include "base/error.h"
#include "dataset/recording/smoothing_spline.h"

namespace noether::bench {

SmoothTrajectories smoothed(const learn::Tensor& x, std::int64_t trajectories, double dt) {
  if (trajectories < 1) throw base::ShapeError("there is no trajectory to smooth");
  if (x.shape()[0] % trajectories != 0) {
    throw base::ShapeError(fmt::format("{} points are not {} trajectories of the same length",
                                       x.shape()[0], trajectories));
  }
  const auto observed = x.data<double>();
  const auto n = static_cast<std::size_t>(trajectories), d = static_cast<std::size_t>(x.shape()[1]);
  const std::size_t points = static_cast<std::size_t>(x.shape()[0]) / n;
  const dataset::Grid grid = dataset::even_grid(points, dt);
  std::vector<double> values(observed.size()), slopes(observed.size()), strengths;
  for (std::size_t j = 0; j < d; ++j) {
    std::vector<dataset::Series> series(n, {&grid, {}});
    for (std::size_t at = j; at < observed.size(); at += d)
      series[at / (points * d)].values.push_back(observed[at]);
    strengths.push_back(best_smoothing(series).strength);
    for (std::size_t i = 0; i < n; ++i) {
      const auto smooth = smoothing_spline(series[i].values, grid, strengths.back());
      for (std::size_t t = 0; t < points; ++t) {
        values[(i * points + t) * d + j] = smooth.values[t];
        slopes[(i * points + t) * d + j] = smooth.slopes[t];
      }
    }
  }
  return {learn::Tensor::from<double>(values, x.shape()),
          learn::Tensor::from<double>(slopes, x.shape()), strengths};
}

}  // namespace noether::bench
