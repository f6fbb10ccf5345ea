#include "bench/data/denoise.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "dataset/recording/polynomials.h"

namespace noether::bench {

namespace {

// The second derivatives of the not-a-knot spline at its points. Inside,
// (m_{i-1} + 4 m_i + m_{i+1}) dt^2 / 6 = y_{i-1} - 2 y_i + y_{i+1}; at each end the third
// derivative does not jump, so m_0 = 2 m_1 - m_2. With that put into the first and last row the
// system is tridiagonal, and its first unknown stands alone: 6 m_1 dt^2 / 6 = its right-hand side.
std::vector<double> second_derivatives(const std::vector<double>& y, double dt) {
  const std::size_t n = y.size();
  std::vector<double> m(n), upper(n);
  const auto right = [&](std::size_t i) {
    return 6 * (y[i - 1] - 2 * y[i] + y[i + 1]) / (dt * dt);
  };
  m[1] = right(1) / 6;
  m[n - 2] = right(n - 2) / 6;
  // Thomas's algorithm for m_2, ..., m_{n-3}
  double known = m[1], factor = 0;
  for (std::size_t i = 2; i + 2 < n; ++i) {
    const double pivot = 4 - factor;
    upper[i] = 1 / pivot;
    known = (right(i) - known) / pivot;
    factor = upper[i];
    m[i] = known;
  }
  for (std::size_t i = n - 3; i >= 2 && i < n; --i) m[i] -= upper[i] * m[i + 1];
  m[0] = 2 * m[1] - m[2];
  m[n - 1] = 2 * m[n - 2] - m[n - 3];
  return m;
}

}  // namespace

std::vector<double> spline_integral(const std::vector<double>& values, double dt) {
  if (values.size() < 4) {
    throw base::DataError("a trajectory of fewer than four points cannot be denoised");
  }
  const std::vector<double> m = second_derivatives(values, dt);
  std::vector<double> integral{0};
  for (std::size_t i = 1; i < values.size(); ++i) {
    integral.push_back(integral.back() + dt / 2 * (values[i] + values[i - 1]) -
                       dt * dt * dt / 24 * (m[i] + m[i - 1]));
  }
  return integral;
}

namespace {

// `integral(k, slopes)` is that of the slopes of trajectory k, at its points.
learn::Tensor denoised_by(const learn::Tensor& x, const learn::Tensor& dx_dt,
                          const std::vector<std::size_t>& lengths, const auto& integral) {
  const auto observed = x.data<double>(), slope = dx_dt.data<double>();
  const auto d = static_cast<std::size_t>(x.shape()[1]);
  return learn::Tensor::build<double>(x.shape(), [&](std::span<double> out) {
    std::size_t first = 0;
    for (std::size_t i = 0; i < lengths.size(); first += lengths[i++]) {
      const std::size_t points = lengths[i];
      for (std::size_t j = 0; j < d; ++j) {
        const auto at = [&](std::size_t t) { return (first + t) * d + j; };
        std::vector<double> column;
        for (std::size_t t = 0; t < points; ++t) column.push_back(slope[at(t)]);
        const std::vector<double> along = integral(i, column);
        double offset = 0;
        for (std::size_t t = 0; t < points; ++t) offset += observed[at(t)] - along[t];
        offset /= static_cast<double>(points);
        for (std::size_t t = 0; t < points; ++t) out[at(t)] = along[t] + offset;
      }
    }
  });
}

}  // namespace

learn::Tensor denoised(const learn::Tensor& x, const learn::Tensor& dx_dt,
                       std::int64_t trajectories, double dt) {
  if (trajectories < 1) throw base::ShapeError("there is no trajectory to denoise");
  const auto n = static_cast<std::size_t>(trajectories);
  const std::size_t points = static_cast<std::size_t>(x.shape()[0]) / n;
  return denoised_by(
      x, dx_dt, std::vector<std::size_t>(n, points),
      [dt](std::size_t, const std::vector<double>& slopes) { return spline_integral(slopes, dt); });
}

learn::Tensor denoised(const learn::Tensor& x, const learn::Tensor& dx_dt,
                       const std::vector<std::vector<double>>& times) {
  if (times.empty()) throw base::ShapeError("there is no trajectory to denoise");
  std::vector<std::size_t> lengths;
  for (const auto& own : times) lengths.push_back(own.size());
  return denoised_by(x, dx_dt, lengths, [&](std::size_t i, const std::vector<double>& slopes) {
    return dataset::polynomial_integral(slopes, times[i]);
  });
}

}  // namespace noether::bench
