#include "learn/ode/density.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "learn/autodiff/ops.h"
#include "learn/autodiff/transforms.h"
#include "learn/ode/solve.h"
#include "tests/learn/noether/comparison.h"
#include "tests/learn/ode/dynamics.h"

namespace noether::learn {
namespace {

const Dynamics linear_dynamics = [](const Params& params, double, const Tensors& z) {
  return Tensors{matmul(z[0], params["A"], false, true)};
};

// Of N(0, s^2 I) in the plane.
Tensor log_normal(const Tensor& z, double s) {
  return shift(scale(sum(square(z), 1, true), -0.5 / (s * s)), -std::log(2 * M_PI * s * s));
}

}  // namespace

// z(t) = exp(A t) z(0) with A = a I + b J turns and grows, so N(0, s^2 I) stays round.
TEST_CASE("a linear flow carries a Gaussian to its Gaussian", "[learn][ode]") {
  constexpr double a = -0.3, b = 1.7, time = 2, s = 0.4;
  const Params A{{"A", Tensor::from({a, -b, b, a}, {2, 2})}};
  const Tensor start = test::irregular({7, 2}, -1, 1), none = Tensor::full({7, 1}, 0);
  for (const double tolerance : {1e-5, 1e-7, 1e-9}) {
    const OdeSolver solver{.relative_tolerance = tolerance, .absolute_tolerance = tolerance};
    const Tensors end =
        solve_to(with_log_density(linear_dynamics), A, {start, none}, 0, time, solver);
    // - t tr A, to rounding: the trace is constant
    CHECK(test::difference(end[1], Tensor::full({7, 1}, -time * 2 * a)) < 1e-13);
    const Tensor carried = log_normal(start, s) + end[1];
    CHECK(test::difference(carried, log_normal(end[0], s * std::exp(a * time))) < 100 * tolerance);
  }
}

TEST_CASE("the density of a flow is that of its Jacobian", "[learn][ode]") {
  const test::SmallOde ode;
  const Dynamics f = [&](const Params& p, double t, const Tensors& z) {
    return Tensors{slice(ode.mlp(p, concat(Tensors{z[0], Tensor::full({4, 1}, t)}, 1)), 1, 0, 2)};
  };
  const OdeSolver solver{.relative_tolerance = 1e-11, .absolute_tolerance = 1e-11};
  const Tensor start = test::irregular({4, 2}, -1, 1);
  const Tensors end =
      solve_to(with_log_density(f), ode.params, {start, Tensor::full({4, 1}, 0)}, 0, 1, solver);
  const auto column_of = [&](std::int64_t j) {
    const Tensor along = pad(Tensor::full({4, 1}, 1), 1, j, 1 - j);
    return jvp([&](const Tensor& z) { return solve_to(f, ode.params, {z}, 0, 1, solver)[0]; },
               start, along)
        .tangent;
  };
  const Tensor u = column_of(0), v = column_of(1);
  const Tensor determinant = column(u, 0) * column(v, 1) - column(u, 1) * column(v, 0);
  CHECK(test::difference(end[1], neg(log(determinant))) < 1e-9);
  CHECK(test::size_of(end[1]) > 0.01);
}

}  // namespace noether::learn
