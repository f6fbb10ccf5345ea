#include "learn/ode/adjoint.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "learn/autodiff/ops.h"
#include "learn/autodiff/transforms.h"
#include "tests/learn/noether/comparison.h"
#include "tests/learn/ode/dynamics.h"

namespace noether::learn {
namespace {

using At = test::SmallOde::At;

OdeSolver dopri5(double tolerance, OdeGradient gradient) {
  return {.relative_tolerance = tolerance, .absolute_tolerance = tolerance, .gradient = gradient};
}
OdeSolver rk4(double step, OdeGradient gradient) {
  return {.method = OdeMethod::rk4, .longest_step = step, .gradient = gradient};
}

At gradient_of(const test::SmallOde& ode, const OdeSolver& solver) {
  return grad([&](const At& at) { return ode.loss(at, solver); }, ode.at());
}

double product(const At& a, const At& b) {
  return (dot(a.first, b.first) + sum(a.second[0] * b.second[0]) + sum(a.second[1] * b.second[1]))
      .item();
}

// How far the adjoint is from the gradient through the same solver.
double gap(const test::SmallOde& ode, OdeSolver solver) {
  solver.gradient = OdeGradient::through_solver;
  const At through = gradient_of(ode, solver);
  solver.gradient = OdeGradient::adjoint;
  return test::difference(gradient_of(ode, solver), through);
}

}  // namespace

// Steps are chosen anew for every difference; at this tolerance all of them agree.
TEST_CASE("gradients of both kinds agree with differences", "[learn][ode]") {
  const test::SmallOde ode;
  const At along{
      map(ode.params, [](const Tensor& w) { return test::irregular(w.shape(), -1, 1, 7); }),
      {test::irregular({3, 2}, -1, 1, 5), test::irregular({3, 1}, -1, 1, 6)}};
  for (const OdeGradient gradient : {OdeGradient::through_solver, OdeGradient::adjoint}) {
    for (const OdeSolver& solver : {rk4(0.01, gradient), dopri5(1e-12, gradient)}) {
      const double expected = test::slope([&](double s) {
        const At there{add_scaled(ode.params, s, along.first),
                       {ode.start[0] + s * along.second[0], ode.start[1] + s * along.second[1]}};
        return ode.loss(there, solver).item();
      });
      // rk4 at this step is off by 1e-9, which the adjoint does not see
      CHECK(std::abs(product(gradient_of(ode, solver), along) - expected) < 1e-8);
      CHECK(std::abs(expected) > 1);
    }
  }
}

TEST_CASE("the adjoint nears the gradient through the solver as fast as the solver nears the truth",
          "[learn][ode]") {
  const test::SmallOde ode;
  std::vector<double> gaps;
  for (const double step : {0.2, 0.1, 0.05})
    gaps.push_back(gap(ode, rk4(step, OdeGradient::adjoint)));
  CHECK(gaps[2] > 1e-12);  // not rounding
  // an order is found to .2: what is left of the next term of the error
  CHECK(std::log2(gaps[0] / gaps[2]) / 2 == Approx(4).margin(0.2));
  gaps.clear();
  for (const double tolerance : {1e-4, 1e-6, 1e-8})
    gaps.push_back(gap(ode, dopri5(tolerance, OdeGradient::adjoint)));
  // steps grow as tolerance^(1/5), and errors as their fifth power or, between steps, the fourth
  for (std::size_t i = 0; i < 2; ++i) {
    CHECK(std::log(gaps[i] / gaps[i + 1]) / std::log(100) > 0.6);
    CHECK(std::log(gaps[i] / gaps[i + 1]) / std::log(100) < 1.6);
  }
  CHECK(gaps[2] < 1e-7);
}

TEST_CASE("the error of the adjoint follows the tolerance", "[learn][ode]") {
  const test::SmallOde ode;
  const At exact = gradient_of(ode, dopri5(1e-12, OdeGradient::through_solver));
  for (const double tolerance : {1e-5, 1e-7, 1e-9}) {
    const At found = gradient_of(ode, dopri5(tolerance, OdeGradient::adjoint));
    CHECK(test::difference(found, exact) < 30 * tolerance);
  }
}

// a . dh is one number at all times, for every tangent dh: the two equations are each other's
// transpose.
TEST_CASE("cotangent times tangent does not change along a solution", "[learn][ode]") {
  const test::SmallOde ode;
  const OdeSolver solver = dopri5(1e-13, OdeGradient::adjoint);
  const Tensors direction{test::irregular({3, 2}, -1, 1, 5), test::irregular({3, 1}, -1, 1, 6)};
  const auto flow = [&](double to) {
    return [&ode, to](const Tensors& h) {
      return solve_to(ode.dynamics(), ode.params, h, 0, to,
                      dopri5(1e-13, OdeGradient::through_solver));
    };
  };
  std::vector<double> products;
  for (const double t : {0.4, 0.9, 1.3}) {
    const auto [h, tangent] = jvp(flow(t), ode.start, direction);
    const Tensors a = grad(
        [&](const Tensors& from) {
          const Tensors end = solve_to(ode.dynamics(), ode.params, from, t, 1.5, solver);
          return sum(square(end[0])) + sum(sin(end[1]));
        },
        h);
    products.push_back((sum(a[0] * tangent[0]) + sum(a[1] * tangent[1])).item());
  }
  CHECK(std::abs(products[0]) > 0.1);
  CHECK(std::abs(products[1] - products[0]) < 1e-10);
  CHECK(std::abs(products[2] - products[0]) < 1e-10);
}

TEST_CASE("the memory of the adjoint does not grow with the steps", "[learn][ode]") {
  const test::SmallOde ode;
  const auto peak = [&](double step, OdeGradient gradient) {
    reset_buffer_peak();
    const auto before = buffer_statistics().live_bytes;
    CHECK(test::is_finite(gradient_of(ode, rk4(step, gradient))));
    return static_cast<double>(buffer_statistics().peak_bytes - before);
  };
  CHECK(peak(0.001, OdeGradient::adjoint) == peak(0.1, OdeGradient::adjoint));
  // a state of 9 numbers in buffers of 64 bytes, and what a checkpoint keeps, 100 times as often
  CHECK(peak(0.001, OdeGradient::through_solver) > 10 * peak(0.1, OdeGradient::through_solver));
}

TEST_CASE("the adjoint is differentiated again", "[learn][ode]") {
  const test::SmallOde ode;
  const auto second = [&](const OdeSolver& solver) {
    return grad(
        [&](const At& at) {
          const At slope = grad([&](const At& inner) { return ode.loss(inner, solver); }, at);
          return sum(square(slope.second[0]));
        },
        ode.at());
  };
  CHECK(test::difference(second(dopri5(1e-8, OdeGradient::adjoint)),
                         second(dopri5(1e-8, OdeGradient::through_solver))) < 1e-5);
}

}  // namespace noether::learn
