#include "bench/data/denoise.h"

#include <Eigen/LU>
#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <vector>

#include "base/error.h"
#include "base/random.h"

namespace noether::bench {
namespace {

using Values = std::vector<double>;
using learn::Tensor;

Values sampled(const std::function<double(double)>& f, std::size_t n, double dt) {
  Values values;
  for (std::size_t i = 0; i < n; ++i) values.push_back(f(static_cast<double>(i) * dt));
  return values;
}

// The integral of the not-a-knot spline, with the four coefficients of all its cubics from one
// dense system: a + b s + c s^2 + d s^3 on [i dt, (i + 1) dt], s from 0 to 1.
Values integral_by_dense_solve(const Values& y, double dt) {
  const auto pieces = static_cast<Eigen::Index>(y.size()) - 1;
  Eigen::MatrixXd A = Eigen::MatrixXd::Zero(4 * pieces, 4 * pieces);
  Eigen::VectorXd b = Eigen::VectorXd::Zero(4 * pieces);
  Eigen::Index row = 0;
  for (Eigen::Index i = 0; i < pieces; ++i) {
    const auto at = static_cast<std::size_t>(i);
    A(row, 4 * i) = 1;
    b(row++) = y[at];
    A.block(row, 4 * i, 1, 4) << 1, 1, 1, 1;
    b(row++) = y[at + 1];
    if (i + 1 == pieces) break;
    A.block(row++, 4 * i, 1, 6) << 0, 1, 2, 3, 0, -1;     // slopes meet
    A.block(row++, 4 * i, 1, 7) << 0, 0, 2, 6, 0, 0, -2;  // and so do curvatures
  }
  for (const Eigen::Index knot :
       {Eigen::Index{0}, pieces - 2}) {  // third derivatives, at two knots
    A(row, 4 * knot + 3) += 1;
    A(row++, 4 * knot + 7) -= 1;
  }
  const Eigen::VectorXd c = A.partialPivLu().solve(b);
  Values integral{0};
  for (Eigen::Index i = 0; i < pieces; ++i) {
    const auto k = c.segment(4 * i, 4);
    integral.push_back(integral.back() + dt * (k(0) + k(1) / 2 + k(2) / 3 + k(3) / 4));
  }
  return integral;
}

double largest_difference(const Values& a, const Values& b) {
  REQUIRE(a.size() == b.size());
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(a[i] - b[i]));
  return largest;
}

// One value for each trajectory and time, in one column.
Tensor column(const std::vector<Values>& trajectories) {
  Values all;
  for (const Values& values : trajectories) all.insert(all.end(), values.begin(), values.end());
  return Tensor::from<double>(all, {static_cast<std::int64_t>(all.size()), 1});
}

}  // namespace

TEST_CASE("the spline integral of a cubic is exact", "[bench][denoise]") {
  const auto cubic = [](double t) { return 2 - 3 * t + 0.5 * t * t + 0.7 * t * t * t; };
  const auto integral = [](double t) {
    return 2 * t - 1.5 * t * t + 0.5 / 3 * t * t * t + 0.7 / 4 * t * t * t * t;
  };
  for (const std::size_t n : {4, 5, 6, 30}) {
    // rounding of values of order ten
    CHECK(largest_difference(spline_integral(sampled(cubic, n, 0.1), 0.1),
                             sampled(integral, n, 0.1)) < 1e-12);
  }
}

TEST_CASE("the spline integral of a cosine converges with the fourth order or better",
          "[bench][denoise]") {
  const auto error = [](std::size_t n) {
    const double dt = 3 / static_cast<double>(n - 1);
    return largest_difference(
        spline_integral(sampled([](double t) { return std::cos(t + 0.4); }, n, dt), dt),
        sampled([](double t) { return std::sin(t + 0.4) - std::sin(0.4); }, n, dt));
  };
  for (const std::size_t n : {11, 21, 41, 81}) {
    CAPTURE(n, error(n));
    CHECK(error(n) > 1e-12);
    // orders are reached as dt goes to zero; at these they are within 0.1
    CHECK(std::log2(error(n) / error(2 * n - 1)) > 3.9);
  }
}

TEST_CASE("the spline is the one that a dense system of all its cubics gives", "[bench][denoise]") {
  for (const std::size_t n : {4, 5, 6, 7, 20}) {
    Values y;
    for (std::size_t i = 0; i < n; ++i) y.push_back(std::sin(3.7 * static_cast<double>(i * i)));
    // rounding in the solution of up to 76 well-conditioned equations
    CHECK(largest_difference(spline_integral(y, 0.3), integral_by_dense_solve(y, 0.3)) < 1e-13);
  }
}

TEST_CASE("fewer than four points are refused", "[bench][denoise]") {
  for (const std::size_t n : {0, 1, 2, 3}) {
    CHECK_THROWS_AS(spline_integral(Values(n, 1), 0.1), base::DataError);
  }
  CHECK_THROWS_WITH(spline_integral(Values(3, 1), 0.1),
                    "a trajectory of fewer than four points cannot be denoised");
}

TEST_CASE("denoising leaves data without noise as they are", "[bench][denoise]") {
  // two trajectories in two coordinates: a quartic with its cubic, and a sine with its cosine
  const std::size_t points = 40;
  const double dt = 0.05;
  Values x, v;
  for (const double start : {0.3, -1.1}) {
    for (std::size_t i = 0; i < points; ++i) {
      const double t = start + static_cast<double>(i) * dt;
      x.insert(x.end(), {std::pow(t, 4), std::sin(t)});
      v.insert(v.end(), {4 * std::pow(t, 3), std::cos(t)});
    }
  }
  const Tensor clean = Tensor::from<double>(x, {2 * points, 2});
  const Values out = denoised(clean, Tensor::from<double>(v, clean.shape()), 2, dt).to_vector();
  for (std::size_t i = 0; i < out.size(); i += 2) {
    CHECK(out[i] == Approx(x[i]).margin(1e-13));  // exact for cubic derivatives
    // dt^4 = 6e-6 times a constant of order 1/100, largest in the first interval
    CHECK(out[i + 1] == Approx(x[i + 1]).margin(1e-7));
  }
}

TEST_CASE("of the noise of T points one offset remains, its mean", "[bench][denoise]") {
  const std::int64_t trajectories = 400, points = 25;
  const double sigma = 0.1, dt = 0.1;
  std::vector<Values> x, noisy, v;
  Values offsets;
  for (std::int64_t i = 0; i < trajectories; ++i) {
    base::RandomStream random(1, base::Purpose::noise, static_cast<std::uint64_t>(i));
    const double a = 0.1 * static_cast<double>(i);
    x.push_back(sampled([&](double t) { return a * t * t - t; }, points, dt));
    v.push_back(sampled([&](double t) { return 2 * a * t - 1; }, points, dt));
    noisy.push_back(x.back());
    double sum = 0;
    for (double& value : noisy.back()) {
      const double noise = sigma * random.normal();
      value += noise;
      sum += noise;
    }
    offsets.push_back(sum / points);
  }
  const Values out = denoised(column(noisy), column(v), trajectories, dt).to_vector();
  double squares = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double off = out[i] - x[i / points][i % points];
    // rounding of values up to 250
    CHECK(off == Approx(offsets[i / points]).margin(1e-11));
    squares += off * off;
  }
  // the rms of 400 normal offsets is known to 1 / sqrt(800) = 3.5 %, three times that
  CHECK(std::sqrt(squares / static_cast<double>(out.size())) ==
        Approx(sigma / std::sqrt(points)).epsilon(0.11));
}

TEST_CASE("no trajectories cannot be denoised", "[bench][denoise]") {
  const Tensor none = Tensor::full({0, 1}, 0, learn::DType::f64);
  CHECK_THROWS_AS(denoised(none, none, 0, 0.1), base::ShapeError);
}

}  // namespace noether::bench
