#include "bench/data/smoothing.h"

#include <Eigen/LU>
#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <vector>

#include "base/error.h"
#include "base/random.h"
#include "dataset/recording/smoothing_spline.h"
#include "learn/autodiff/ops.h"

namespace noether::bench {
namespace {

using Values = std::vector<double>;
using Function = std::function<double(double)>;
using dataset::best_smoothing;
using dataset::grid_of;
using dataset::Smooth;
using learn::Tensor;

Smooth smoothing_spline(const Values& values, double dt, double strength) {
  return dataset::smoothing_spline(values, dataset::even_grid(values.size(), dt), strength);
}

Values sampled(const Function& f, std::size_t n, double dt) {
  Values values;
  for (std::size_t i = 0; i < n; ++i) values.push_back(f(static_cast<double>(i) * dt));
  return values;
}

double largest_difference(const Values& a, const Values& b) {
  REQUIRE(a.size() == b.size());
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(a[i] - b[i]));
  return largest;
}

double rms_difference(const Values& a, const Values& b) {
  REQUIRE(a.size() == b.size());
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return std::sqrt(sum / static_cast<double>(a.size()));
}

// The reproducing kernel of the penalty, the integral of (s - u)_+^2 (t - u)_+^2 / 4, and its
// derivative in s.
double kernel(double s, double t) {
  const double m = std::min(s, t), a = std::abs(s - t);
  return (std::pow(m, 5) / 5 + a * std::pow(m, 4) / 2 + a * a * std::pow(m, 3) / 3) / 4;
}
double kernel_slope(double s, double t) {
  const double m = std::min(s, t), a = std::abs(s - t);
  if (s > t) return (std::pow(m, 4) / 4 + a * std::pow(m, 3) / 3) / 2;
  return (std::pow(m, 4) / 4 + 2 * a * std::pow(m, 3) / 3 + a * a * m * m / 2) / 2;
}

// The smoothing spline as a quadratic and a sum of kernels, by one dense system (Wahba 1990, 1.3).
Smooth by_kernels(const Values& y, const Values& times, double unit, double strength) {
  const auto n = static_cast<Eigen::Index>(y.size());
  Eigen::MatrixXd A = Eigen::MatrixXd::Zero(n + 3, n + 3);
  Eigen::VectorXd b = Eigen::VectorXd::Zero(n + 3);
  const auto time = [&](Eigen::Index i) { return times[static_cast<std::size_t>(i)]; };
  for (Eigen::Index i = 0; i < n; ++i) {
    b(i) = y[static_cast<std::size_t>(i)];
    for (Eigen::Index j = 0; j < n; ++j) A(i, j) = kernel(time(i), time(j));
    A(i, i) += strength * std::pow(unit, 5);
    for (int k = 0; k < 3; ++k) A(n + k, i) = A(i, n + k) = std::pow(time(i), k);
  }
  const Eigen::VectorXd c = A.partialPivLu().solve(b);
  Smooth smooth;
  for (Eigen::Index i = 0; i < n; ++i) {
    const double t = time(i);
    double value = c(n) + c(n + 1) * t + c(n + 2) * t * t, slope = c(n + 1) + 2 * c(n + 2) * t;
    for (Eigen::Index j = 0; j < n; ++j) {
      value += c(j) * kernel(t, time(j));
      slope += c(j) * kernel_slope(t, time(j));
    }
    smooth.values.push_back(value);
    smooth.slopes.push_back(slope);
  }
  return smooth;
}

// Trajectories of a pendulum's size: two sines a trajectory, of other phases, at 45 points in 3 s.
struct Motion {
  Values x, dx_dt;
  Tensor observed;
};
constexpr std::int64_t trajectories = 25, points = 45;
constexpr double dt = 3.0 / 44;

Motion motion(double noise, std::uint64_t seed = 0) {
  Motion m;
  Values observed;
  for (std::uint64_t i = 0; i < trajectories; ++i) {
    base::RandomStream random(seed, base::Purpose::noise, i);
    for (int t = 0; t < points; ++t) {
      const double phase = 2 * t * dt + static_cast<double>(i);
      m.x.insert(m.x.end(), {std::sin(phase), 2 * std::cos(phase)});
      m.dx_dt.insert(m.dx_dt.end(), {2 * std::cos(phase), -4 * std::sin(phase)});
      for (const double x : {std::sin(phase), 2 * std::cos(phase)})
        observed.push_back(x + noise * random.normal());
    }
  }
  m.observed = Tensor::from<double>(observed, {trajectories * points, 2});
  return m;
}

}  // namespace

TEST_CASE("no smoothing changes a quadratic", "[bench][smoothing]") {
  const auto f = [](double t) { return 2 - 3 * t + 0.7 * t * t; };
  const auto slope = [](double t) { return -3 + 1.4 * t; };
  for (const std::size_t n : {4, 5, 45}) {
    for (const double strength : {1e-6, 1.0, 1e3}) {
      CAPTURE(n, strength);
      const Smooth smooth = smoothing_spline(sampled(f, n, 0.1), 0.1, strength);
      // rounding of values of order one, in a matrix of condition 720 * strength at most
      CHECK(largest_difference(smooth.values, sampled(f, n, 0.1)) < 1e-9);
      CHECK(largest_difference(smooth.slopes, sampled(slope, n, 0.1)) < 1e-8);
    }
  }
}

TEST_CASE("the smoothing spline is the sum of kernels that a dense system gives",
          "[bench][smoothing]") {
  for (const std::size_t n : {4, 5, 6, 12}) {
    for (const double strength : {1e-3, 1.0, 100.0}) {
      CAPTURE(n, strength);
      Values y;
      for (std::size_t i = 0; i < n; ++i) y.push_back(std::sin(3.7 * static_cast<double>(i * i)));
      const Values even = sampled([](double at) { return at; }, n, 0.3);
      const Smooth smooth = smoothing_spline(y, 0.3, strength),
                   dense = by_kernels(y, even, 0.3, strength);
      REQUIRE(rms_difference(smooth.values, y) > 1e-5);
      // the kernels grow with the fifth power of time: the dense system loses six digits or more
      CHECK(largest_difference(smooth.values, dense.values) < 1e-8);
      CHECK(largest_difference(smooth.slopes, dense.slopes) < 1e-7);
    }
  }
}

TEST_CASE("the same at uneven times, and a quadratic stays there too", "[bench][smoothing]") {
  Values times{0.4};
  for (int i = 1; i < 12; ++i) times.push_back(times.back() + 0.2 + 0.15 * std::sin(5.0 * i));
  const dataset::Grid grid = grid_of(times);
  CHECK(grid.unit == Approx((times.back() - times.front()) / 11));
  Values from_zero, y, quadratic, slope;
  for (const double t : times) {
    from_zero.push_back(t - times.front());
    y.push_back(std::sin(40 * t * t));
    quadratic.push_back(2 - 3 * t + 0.7 * t * t);
    slope.push_back(-3 + 1.4 * t);
  }
  for (const double strength : {1e-3, 1.0, 100.0}) {
    CAPTURE(strength);
    const Smooth smooth = dataset::smoothing_spline(y, grid, strength),
                 dense = by_kernels(y, from_zero, grid.unit, strength);
    // as for even times
    CHECK(largest_difference(smooth.values, dense.values) < 1e-8);
    CHECK(largest_difference(smooth.slopes, dense.slopes) < 1e-7);
    const Smooth same = dataset::smoothing_spline(quadratic, grid, strength);
    // the shortest interval is a quarter of the unit: a condition a thousand times that of even
    // ones
    CHECK(largest_difference(same.values, quadratic) < 1e-8);
    CHECK(largest_difference(same.slopes, slope) < 1e-7);
  }
  CHECK_THROWS_WITH(grid_of(Values{0, 1, 1, 2}), "time 1 does not come after 1");
}

TEST_CASE("the noise is estimated, also where trajectories have times of their own",
          "[bench][smoothing]") {
  for (const double noise : {0.1, 0.01}) {
    std::vector<dataset::Grid> grids;
    std::vector<dataset::Series> series;
    grids.reserve(20);
    for (std::uint64_t i = 0; i < 20; ++i) {
      base::RandomStream random(1, base::Purpose::noise, i);
      Values times{0}, values;
      for (std::uint64_t t = 1; t < 40 + 3 * i; ++t)
        times.push_back(times.back() + random.uniform(0.04, 0.1));
      for (const double t : times)
        values.push_back(std::sin(2 * t + static_cast<double>(i)) + noise * random.normal());
      grids.push_back(grid_of(times));
      series.push_back({&grids.back(), values});
    }
    const dataset::Smoothing found = best_smoothing(series);
    CAPTURE(noise, found.strength, found.noise);
    // of about 1,300 points: a standard error of 1 / sqrt(2600), and the spline follows some of it
    CHECK(found.noise == Approx(noise).epsilon(0.08));
  }
}

TEST_CASE("without noise the slopes converge: with order two at the ends, six inside",
          "[bench][smoothing]") {
  struct Errors {
    double anywhere, inside;
  };
  const auto errors = [](std::size_t n) {
    const double step = 3 / static_cast<double>(n - 1);
    const Values y = sampled([](double t) { return std::sin(2 * t + 0.4); }, n, step);
    const auto all = static_cast<std::int64_t>(n);
    const Values found = smoothed(Tensor::from<double>(y, {all, 1}), 1, step).dx_dt.to_vector();
    const Values truth = sampled([](double t) { return 2 * std::cos(2 * t + 0.4); }, n, step);
    const auto third = static_cast<std::ptrdiff_t>(n / 3);
    return Errors{largest_difference(found, truth),
                  largest_difference({found.begin() + third, found.end() - third},
                                     {truth.begin() + third, truth.end() - third})};
  };
  for (const std::size_t n : {61, 76}) {
    const Errors coarse = errors(n), fine = errors(2 * n - 1);
    CAPTURE(n, coarse.anywhere, fine.anywhere, coarse.inside, fine.inside);
    // orders are reached as the step goes to zero; at these they are within 0.1
    CHECK(std::log2(coarse.anywhere / fine.anywhere) > 1.9);
    CHECK(std::log2(coarse.inside / fine.inside) > 5.9);
  }
}

TEST_CASE("states and slopes come closer to the truth as noise falls", "[bench][smoothing]") {
  double x_before = HUGE_VAL, slope_before = HUGE_VAL;
  for (const double noise : {0.1, 0.03, 0.01, 0.003}) {
    const Motion m = motion(noise);
    const SmoothTrajectories smooth = smoothed(m.observed, trajectories, dt);
    const double x = rms_difference(smooth.x.to_vector(), m.x);
    const double slope = rms_difference(smooth.dx_dt.to_vector(), m.dx_dt);
    CAPTURE(noise, x, slope, smooth.strength);
    CHECK(x < 0.6 * noise);
    CHECK(x > noise / std::sqrt(points));  // the offsets remain
    // noise falls by three or more; slopes converge with a power between 1/2 and 1
    CHECK(x < x_before / 2);
    CHECK(slope < slope_before / 1.7);
    x_before = x;
    slope_before = slope;
  }
}

TEST_CASE("the chosen strength is nearly the best one, without knowledge of noise or truth",
          "[bench][smoothing]") {
  for (const double noise : {0.1, 0.01}) {
    const Motion m = motion(noise);
    const SmoothTrajectories chosen = smoothed(m.observed, trajectories, dt);
    // of the first coordinate
    const auto column = [](const Values& all, std::int64_t i) {
      Values one;
      for (std::int64_t t = 0; t < points; ++t)
        one.push_back(all[static_cast<std::size_t>(2 * (i * points + t))]);
      return one;
    };
    const auto error = [&](double strength) {
      double sum = 0;
      for (std::int64_t i = 0; i < trajectories; ++i) {
        const Values y = column(m.observed.to_vector(), i);
        const double rms = rms_difference(smoothing_spline(y, dt, strength).values, column(m.x, i));
        sum += rms * rms;
      }
      return std::sqrt(sum / trajectories);
    };
    double least = HUGE_VAL;
    for (int power = -20; power <= 24; ++power)
      least = std::min(least, error(std::ldexp(1.0, power)));
    CAPTURE(noise, chosen.strength);
    // cross-validation over 1,125 points is near the minimum, which is flat
    CHECK(error(chosen.strength[0]) < 1.05 * least);
    CHECK(error(chosen.strength[0] / 1024) > 1.2 * least);
    CHECK(error(chosen.strength[0] * 1024) > 1.2 * least);
  }
}

TEST_CASE("the mean of a trajectory stays that of its observations", "[bench][smoothing]") {
  const Motion m = motion(0.1);
  const SmoothTrajectories smooth = smoothed(m.observed, trajectories, dt);
  const Tensor off = smooth.x - m.observed;
  REQUIRE(rms_difference(smooth.x.to_vector(), m.observed.to_vector()) > 0.05);
  const Values all = off.to_vector();
  for (std::size_t i = 0; i < trajectories; ++i) {
    double sum = 0;
    for (std::size_t t = 0; t < points; ++t) sum += all[2 * (i * points + t)];
    CHECK(sum == Approx(0).margin(1e-8));  // rounding, as for quadratics
  }
}

TEST_CASE("trajectories that cannot be smoothed are refused", "[bench][smoothing]") {
  const auto zeros = [](std::int64_t n) { return Tensor::full({n, 1}, 0, learn::DType::f64); };
  CHECK_THROWS_AS(smoothed(zeros(0), 0, 0.1), base::ShapeError);
  CHECK_THROWS_WITH(smoothed(zeros(11), 2, 0.1),
                    "11 points are not 2 trajectories of the same length");
  CHECK_THROWS_AS(smoothed(zeros(6), 2, 0.1), base::DataError);
  CHECK_THROWS_WITH(smoothing_spline(Values(3, 1), 0.1, 1),
                    "a trajectory of 3 points cannot be smoothed; it takes four or more");
  for (const double strength : {0.0, -1.0, std::nan("")})
    CHECK_THROWS_AS(smoothing_spline(Values(5, 1), 0.1, strength), base::UsageError);
}

}  // namespace noether::bench
