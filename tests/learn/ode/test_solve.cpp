#include "learn/ode/solve.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "base/error.h"
#include "learn/autodiff/ops.h"
#include "learn/ode/runge_kutta.h"
#include "tests/learn/noether/comparison.h"
#include "tests/learn/ode/dynamics.h"
#include "tests/support/file_bytes.h"

namespace noether::learn {
namespace {

// dh/dt = -2 t h^2 from 1: h = 1 / (1 + t^2)
const Dynamics bell = [](const Params&, double t, const Tensors& h) {
  return Tensors{scale(square(h[0]), -2 * t)};
};
double exact(double t) { return 1 / (1 + t * t); }
const Tensors one{Tensor::scalar(1)};

// The order that three errors at steps halved twice tell, from the last two.
double order(const std::function<double(double)>& error, double step) {
  const double coarse = error(step), middle = error(step / 2), fine = error(step / 4);
  CHECK(fine > 1e-14);  // not rounding
  CHECK(std::log2(coarse / middle) == Approx(std::log2(middle / fine)).margin(0.4));
  return std::log2(middle / fine);
}

double rk4_error(double step) {
  const OdeSolver solver{.method = OdeMethod::rk4, .longest_step = step};
  return std::abs(solve_to(bell, {}, one, 0, 2, solver)[0].item() - exact(2));
}

double dopri5_error(double step) {
  Tensors h = one, slope = bell({}, 0, h);
  for (int i = 0; i < static_cast<int>(std::lround(2 / step)); ++i) {
    const Dopri5Step made = dopri5_step(bell, {}, i * step, h, slope, step);
    h = made.next;
    slope = made.slope;
  }
  return std::abs(h[0].item() - exact(2));
}

// of one step from the exact state at 1
struct LocalErrors {
  double next, estimate, within;
};
LocalErrors local_errors(double step) {
  const Tensors h{Tensor::scalar(exact(1))};
  const Dopri5Step made = dopri5_step(bell, {}, 1, h, bell({}, 1, h), step);
  return {std::abs(made.next[0].item() - exact(1 + step)), std::abs(made.error[0].item()),
          std::abs(within(made, h, 0.4)[0].item() - exact(1 + 0.4 * step))};
}

}  // namespace

// An order is found to .2: what is left of the next term of the error at these steps.
TEST_CASE("solvers have the orders that their names promise", "[learn][ode]") {
  CHECK(order(rk4_error, 0.1) == Approx(4).margin(0.2));
  CHECK(order(dopri5_error, 0.05) == Approx(5).margin(0.2));
  // of a single step, one more
  CHECK(order([](double dt) { return local_errors(dt).next; }, 0.2) == Approx(6).margin(0.4));
  CHECK(order([](double dt) { return local_errors(dt).estimate; }, 0.2) == Approx(5).margin(0.3));
  CHECK(order([](double dt) { return local_errors(dt).within; }, 0.05) == Approx(5).margin(0.3));
}

TEST_CASE("dense output begins and ends at the states of its step", "[learn][ode]") {
  const Tensors h{Tensor::scalar(exact(1))};
  const Dopri5Step step = dopri5_step(bell, {}, 1, h, bell({}, 1, h), 0.2);
  CHECK(within(step, h, 0)[0].item() == h[0].item());
  CHECK(within(step, h, 1)[0].item() == Approx(step.next[0].item()).epsilon(1e-15));
}

TEST_CASE("the error of dopri5 follows its tolerance", "[learn][ode]") {
  double before = 1;
  for (const double tolerance : {1e-4, 1e-7, 1e-10}) {
    const OdeSolver solver{.relative_tolerance = tolerance, .absolute_tolerance = tolerance};
    double worst = 0;
    const std::vector<double> times{0, 0.013, 0.5, 1.1, 1.7, 3};
    const auto states = solve(bell, {}, one, times, solver);
    REQUIRE(states.size() == times.size());
    for (std::size_t n = 0; n < times.size(); ++n)
      worst = std::max(worst, std::abs(states[n][0].item() - exact(times[n])));
    // errors of some steps add up; between steps the polynomial is of one order less
    CHECK(worst < 20 * tolerance);
    CHECK(worst < before / 30);
    before = worst;
  }
}

TEST_CASE("times that are asked for change no step of dopri5", "[learn][ode]") {
  std::vector<double> many;
  for (int i = 0; i <= 100; ++i) many.push_back(0.03 * i);
  const auto evaluations = [](const std::vector<double>& times) {
    const auto count = std::make_shared<std::atomic<std::int64_t>>(0);
    const auto last = solve(counted(bell, count), {}, one, times).back()[0].item();
    return std::pair(count->load(), last);
  };
  CHECK(evaluations({0, 3}) == evaluations(many));
  // six a step, and two before the first
  CHECK(evaluations({0, 3}).first % 6 == 2);
  CHECK(evaluations({0, 3}).first > 50);
}

TEST_CASE("a solution that is followed back ends where it began", "[learn][ode]") {
  const test::SmallOde ode;
  for (const OdeMethod method : {OdeMethod::rk4, OdeMethod::dopri5}) {
    const OdeSolver solver{.method = method,
                           .longest_step = 0.01,
                           .relative_tolerance = 1e-10,
                           .absolute_tolerance = 1e-10};
    const Tensors there = solve_to(ode.dynamics(), ode.params, ode.start, 0, 1.5, solver);
    const Tensors back = solve_to(ode.dynamics(), ode.params, there, 1.5, 0, solver);
    CHECK(test::difference(back, ode.start) < 1e-8);
    CHECK(test::difference(there, ode.start) > 0.1);
  }
}

TEST_CASE("what cannot be solved is refused", "[learn][ode]") {
  CHECK(test::message_of<base::UsageError>([] {
          solve(bell, {}, one, std::vector{0., 1., 1.});
        }) == "the times of a solution must be finite, and grow or fall");
  // h = 1 / (1 - t) has no value at 1
  const Dynamics explodes = [](const Params&, double, const Tensors& h) {
    return Tensors{square(h[0])};
  };
  CHECK_THROWS_AS(solve_to(explodes, {}, one, 0, 2), base::NumericalError);
  CHECK_THROWS_AS(solve_to(bell, {}, one, 0, 3, {.most_steps = 3}), base::NumericalError);
  CHECK(ode_method_of("rk4") == OdeMethod::rk4);
  CHECK(ode_gradient_of("adjoint") == OdeGradient::adjoint);
  CHECK_THROWS_AS(ode_method_of("rk5"), base::UsageError);
}

}  // namespace noether::learn
