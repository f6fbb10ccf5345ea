#include "bench/depth/curve_models.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <set>

#include "bench/depth/noisy_curve.h"
#include "learn/autodiff/ops.h"
#include "tests/learn/noether/comparison.h"

namespace noether::bench {
namespace {

using learn::Params;
using learn::Tensor;

double prediction(const CurveModel& model, const Params& params, double x) {
  return model.predict(params, Tensor::from({x}, {1, 1})).item();
}

}  // namespace

TEST_CASE("y'' of the curve is that of its formula, 6.98 in the mean", "[bench][depth]") {
  const auto slope_at = [](double x) {
    return test::slope([x](double s) { return curve_at(x + s); });
  };
  const double bend = test::slope([&](double s) { return slope_at(0.3 + s); });
  CHECK(bend == Approx(curve_bend_at(0.3)).epsilon(1e-7));
  double sum = 0;
  for (int i = 0; i < 400; ++i) sum += std::pow(curve_bend_at(-2 + 0.01 * i), 2);
  CHECK(std::sqrt(sum / 400) == Approx(6.98).epsilon(1e-3));
}

TEST_CASE("a curve is observed at places of its own for training and for validation",
          "[bench][depth]") {
  const NoisyCurve curve = make_noisy_curve(3), other = make_noisy_curve(4);
  const auto x = curve.train.x.to_vector(), y = curve.train.y.to_vector();
  REQUIRE(x.size() == 40);
  const std::set<double> train(x.begin(), x.end());
  for (const double place : curve.valid.x.to_vector()) CHECK_FALSE(train.contains(place));
  CHECK(x != other.train.x.to_vector());
  double squares = 0;
  for (std::size_t i = 0; i < x.size(); ++i) squares += std::pow(y[i] - curve_at(x[i]), 2);
  // noise of .2; the rms of 40 is within a third of it but once in ten thousand
  CHECK(std::sqrt(squares / 40) == Approx(0.2).epsilon(0.4));
}

TEST_CASE("models of a curve have equal numbers of weights, and bend as differences say",
          "[bench][depth]") {
  const double x = 0.4, d = 1e-3;
  for (const CurveModel& model : curve_models()) {
    CAPTURE(model.name);
    const Params params = model.start(2);
    CHECK(learn::count(params) >= 170);
    CHECK(learn::count(params) <= 171);
    // larger weights, so that there is something to see
    const Params bent = learn::map(params, [](const Tensor& w) { return scale(w, 2); });
    const double bend = bend_of(model, bent, Tensor::from({x}, {1, 1})).item();
    const double differences = (prediction(model, bent, x + d) - 2 * prediction(model, bent, x) +
                                prediction(model, bent, x - d)) /
                               (d * d);
    CHECK(std::abs(bend) > 0.01);
    // steps of a solver may be of other lengths at other places: 1e-4 of y'' and more
    CHECK(differences == Approx(bend).epsilon(0.02).margin(0.02));
  }
}

TEST_CASE("four equal steps of a shared block near the neural ODE of the same weights",
          "[bench][depth]") {
  const auto models = curve_models();
  const Params params = models[2].start(1);
  const Tensor x = even_places(21);
  const Tensor flow = models[2].predict(params, x), layers = models[1].predict(params, x);
  CHECK(test::difference(flow, layers) > 1e-4);
  CHECK(test::difference(flow, layers) < 0.2 * test::size_of(flow));
}

}  // namespace noether::bench
