#include "learn/noether/pretrain.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <numeric>

#include "base/error.h"
#include "learn/autodiff/ops.h"
#include "learn/autodiff/transforms.h"
#include "tests/learn/autodiff/op_examples.h"
#include "tests/learn/noether/comparison.h"

namespace noether::learn {
namespace {

constexpr std::int64_t springs = 6, points = 12;

const std::vector<std::string> coordinates{"q", "p"};

// H = q^2 + p^2: circles of different radii, each passed once in equal steps.
Tensor spring_states() {
  return Tensor::build<double>({springs * points, 2}, [](std::span<double> out) {
    for (int i = 0; i < springs; ++i) {
      for (int t = 0; t < points; ++t) {
        const double radius = 0.4 + 0.2 * i, angle = i + 2 * M_PI * t / points;
        const auto at = static_cast<std::size_t>(2 * (i * points + t));
        out[at] = radius * std::cos(angle);
        out[at + 1] = -radius * std::sin(angle);
      }
    }
  });
}
// (2 p, -2 q)
Tensor spring_velocities() { return matmul(spring_states(), Tensor::from({0, -2, 2, 0}, {2, 2})); }

double ratio(const std::string& formula) {
  return variance_ratio(formula_quantity(formula, coordinates), {}, spring_states(),
                        Lengths(springs, points))
      .item();
}
double angle(const std::string& formula) {
  return angle_loss(formula_quantity(formula, coordinates), {}, spring_states(),
                    spring_velocities())
      .item();
}

}  // namespace

TEST_CASE("the variance ratio is zero for what is conserved and about one for what is not",
          "[learn][noether]") {
  // squares of roundings
  CHECK(ratio("q^2 + p^2") < 1e-30);
  CHECK(ratio("exp(-q^2 - p^2)") < 1e-30);
  // all circles have their centre at zero: nothing lies between them
  CHECK(ratio("q") == Approx(1).epsilon(1e-11));
  // an irregular function keeps a part of its variance between 6 circles of 12 points: 1/12 of it
  // by chance
  CHECK(ratio("sin(37 q + 53 p)") == Approx(1).margin(0.2));
  CHECK(ratio("q^2 + 0.5 p^2") > 0.01);
}

TEST_CASE("the variance ratio knows neither scale nor offset", "[learn][noether]") {
  const double plain = ratio("q^2 + 0.5 p^2");
  REQUIRE(plain < 1);
  // 1e-12 is added to the total variance, some 0.1
  CHECK(ratio("-7 (q^2 + 0.5 p^2)") == Approx(plain).epsilon(1e-10));
  CHECK(ratio("q^2 + 0.5 p^2 + 11") == Approx(plain).epsilon(1e-10));
}

TEST_CASE("the angle loss is zero for the true Hamiltonian and one across its level sets",
          "[learn][noether]") {
  CHECK(angle("q^2 + p^2") < 1e-30);
  CHECK(angle("log(q^2 + p^2)") < 1e-30);
  // p^2 / (q^2 + p^2), whose mean over a circle is a half; 1e-12 is added below
  CHECK(angle("q") == Approx(0.5).epsilon(1e-10));
  // grad = (p, -q), along the velocity
  const Tensor x = spring_states();
  const Quantity along = [&](const Params&, const Tensor& at) {
    return row_dot(at, spring_velocities());
  };
  CHECK(angle_loss(along, {}, x, spring_velocities()).item() == Approx(1).epsilon(1e-10));
}

TEST_CASE("the weights of a quantity have the variance of their inputs' number, by the seed",
          "[learn][noether]") {
  const Mlp mlp{{2, 400, 1}};
  const Params phi = initial_quantity_weights(mlp, 3);
  check_weights(mlp, phi);
  // 800 uniform values: their mean square is known to 0.9 / sqrt(800) = 3 %, three times that
  CHECK(mean(square(phi["W1"])).item() == Approx(1.0 / 2).epsilon(0.1));
  CHECK(mean(square(phi["W2"])).item() == Approx(1.0 / 400).epsilon(0.14));
  CHECK(test::size_of(phi["W2"]) <= std::sqrt(3.0 / 400));
  CHECK(test::difference(phi, initial_quantity_weights(mlp, 3)) == 0);
  CHECK(test::difference(phi, initial_quantity_weights(mlp, 4)) > 0.1);
  CHECK(test::difference(phi, initial_weights(mlp, 3, DType::f64)) > 0.1);
}

TEST_CASE("trajectories of unequal length count point by point", "[learn][noether]") {
  const Quantity g = formula_quantity("q^2 + 0.5 p^2 + q p^3", coordinates);
  const Tensor all = spring_states();
  const std::vector<double> values = g({}, all).to_vector();
  // the first two circles as one of all their points, and a part of the third
  const Lengths lengths{2 * points, 5};
  const std::int64_t n = 2 * points + 5;
  double within = 0, between = 0, total = 0;
  for (std::int64_t i = 0; i < n; ++i) total += values[static_cast<std::size_t>(i)];
  std::int64_t first = 0;
  for (const std::int64_t length : lengths) {
    const auto begin = values.begin() + first, end = begin + length;
    const double mean = std::accumulate(begin, end, 0.0) / static_cast<double>(length);
    for (auto at = begin; at != end; ++at) {
      within += (*at - mean) * (*at - mean);
      between += (*at - total / static_cast<double>(n)) * (*at - total / static_cast<double>(n));
    }
    first += length;
  }
  // 1e-12 is added to the total, which is about .04
  CHECK(variance_ratio(g, {}, slice(all, 0, 0, n), lengths).item() ==
        Approx(within / between).epsilon(1e-10));
  CHECK_THROWS_AS(variance_ratio(g, {}, all, lengths), base::ShapeError);
}

TEST_CASE("a quantity is found in a few trajectories alone", "[learn][noether]") {
  const Mlp mlp{{2, 8, 1}};
  const Quantity g = network_quantity(mlp);
  const Params start = initial_quantity_weights(mlp, 1);
  const Pretraining options{.ratio_steps = 40, .angle_steps = 80};
  const Tensor x = spring_states(), v = spring_velocities();
  const Lengths lengths(springs, points);
  const auto found = [&] { return pretrained_quantity(mlp, options, start, x, v, lengths); };
  const Params phi = found();
  REQUIRE(angle_loss(g, start, x, v).item() > 0.05);
  // an rms sine below 0.01, the error of a field learned from such data
  CHECK(angle_loss(g, phi, x, v).item() < 1e-4);
  const Tensor n = grad([&](const Tensor& at) { return sum(g(phi, at)); }, x);
  CHECK(mean(row_dot(n, n)).item() == Approx(1).epsilon(1e-13));
  // the same bits again
  CHECK(test::difference(found(), phi) == 0);
}

}  // namespace noether::learn
