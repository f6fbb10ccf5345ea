#include "dataset/recording/trials.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <numbers>

#include "base/error.h"
#include "base/random.h"
#include "dataset/recording/polynomials.h"

namespace noether::dataset {
namespace {

// One coordinate, sin(2 t + i) in trial i, at uneven times unless `even`.
Trials sines(double noise, std::size_t points, bool even = false) {
  Trials trials{.source = "made", .coordinates = {"q"}, .units = {""}, .trials = {}};
  for (std::uint64_t i = 0; i < 20; ++i) {
    base::RandomStream random(7, base::Purpose::noise, i);
    Trial trial{std::to_string(i), {}, {}, {}};
    const double step = 3 / static_cast<double>(points - 1);
    for (std::size_t n = 0; n < points; ++n) {
      const double off = even ? 0 : 0.4 * step * random.uniform(-0.5, 0.5);
      const double t = static_cast<double>(n) * step + off;
      trial.times.push_back(t);
      trial.values.push_back(std::sin(2 * t + static_cast<double>(i)) + noise * random.normal());
    }
    trials.trials.push_back(trial);
  }
  return trials;
}

// The rms of what derivatives are off, over their rms.
double error_of(const Trials& trials, const KnownMotion& known) {
  double error = 0, size = 0;
  for (std::size_t i = 0; i < trials.trials.size(); ++i) {
    for (std::size_t n = 0; n < trials.trials[i].times.size(); ++n) {
      const double truth = 2 * std::cos(2 * trials.trials[i].times[n] + static_cast<double>(i));
      error += std::pow(known.derivatives[i][n] - truth, 2);
      size += truth * truth;
    }
  }
  return std::sqrt(error / size);
}

}  // namespace

TEST_CASE("the slope of a polynomial through its points is exact, wherever it is taken",
          "[dataset][recording]") {
  const std::vector<double> times{0, 0.3, 0.5, 1.1, 1.2};
  std::vector<double> values;
  for (const double t : times) values.push_back(1 - t + 2 * std::pow(t, 4));
  for (std::size_t at = 0; at < times.size(); ++at) {
    CAPTURE(at);
    CHECK(polynomial_slope(times, values, at) ==
          Approx(-1 + 8 * std::pow(times[at], 3)).epsilon(1e-12).margin(1e-12));
  }
}

TEST_CASE("without noise derivatives converge with order eight, and their error is bounded",
          "[dataset][recording]") {
  for (const bool even : {true, false}) {
    const Trials coarse = sines(0, 41, even), fine = sines(0, 81, even);
    const KnownMotion of_coarse = known_motion(coarse), of_fine = known_motion(fine);
    CAPTURE(even, error_of(coarse, of_coarse), error_of(fine, of_fine));
    CHECK(of_coarse.method == by_polynomials);
    CHECK(of_coarse.noise == std::vector<double>{0});
    CHECK(of_coarse.states[3] == coarse.trials[3].values);
    CHECK(error_of(coarse, of_coarse) < 1e-6);
    // nine points: a power of eight; uneven times are other times in the finer grid
    CHECK(error_of(coarse, of_coarse) / error_of(fine, of_fine) > std::pow(2, even ? 7.5 : 6));
    // the estimate is that of two points less, so it is larger
    CHECK(error_of(coarse, of_coarse) < of_coarse.relative_error);
    CHECK(of_coarse.relative_error < 1000 * error_of(coarse, of_coarse));
  }
}

TEST_CASE("with noise both are the spline's, and noise and error are estimated",
          "[dataset][recording]") {
  for (const double noise : {0.1, 0.01}) {
    const Trials trials = sines(noise, 61);
    const KnownMotion known = known_motion(trials);
    const double error = error_of(trials, known);
    CAPTURE(noise, error, known.relative_error, known.noise);
    CHECK(known.method == by_smoothing);
    CHECK(known.noise[0] == Approx(noise).epsilon(0.08));  // 1,220 points
    CHECK(known.states[0] != trials.trials[0].values);
    // bias is taken to be as large as the noise: a factor of 1.5 either way
    CHECK(known.relative_error > error / 1.5);
    CHECK(known.relative_error < error * 1.5);
  }
}

TEST_CASE("derivatives that are given stay", "[dataset][recording]") {
  Trials trials = sines(0.1, 30);
  for (Trial& trial : trials.trials) trial.derivatives.assign(30, 0.5);
  const KnownMotion known = known_motion(trials);
  CHECK(known.method == as_given);
  CHECK(known.relative_error == 0);
  CHECK(known.states[1] == trials.trials[1].values);
  CHECK(known.derivatives[1] == trials.trials[1].derivatives);
  trials.trials[4].derivatives.clear();
  CHECK_THROWS_WITH(known_motion(trials), "'made': some trials have derivatives, others have none");
}

TEST_CASE("a wrapped angle is seen, and unwrapped", "[dataset][recording]") {
  Trials trials{.source = "made", .coordinates = {"p", "q"}, .units = {"", ""}, .trials = {}};
  Trial trial{"0", {}, {}, {}};
  std::vector<double> turning;
  for (int n = 0; n < 60; ++n) {
    turning.push_back(0.2 * n + 0.05 * n * n / 60);
    trial.times.push_back(0.1 * n);
    trial.values.push_back(std::sin(0.3 * n));
    trial.values.push_back(std::remainder(turning.back(), 2 * std::numbers::pi));
  }
  trials.trials = {trial, trial};
  const auto jump = wrapped_angle(trials);
  REQUIRE(jump);
  CHECK_THAT(*jump,
             Catch::StartsWith("q jumps by -6.0") && Catch::EndsWith("in trial 0 at t = 1.5"));
  unwrap(trials, 1, 2 * std::numbers::pi);
  CHECK_FALSE(wrapped_angle(trials));
  for (std::size_t n = 0; n < turning.size(); ++n)
    CHECK(trials.trials[1].values[2 * n + 1] == Approx(turning[n]).margin(1e-12));
}

TEST_CASE("trials that are none are refused in one sentence", "[dataset][recording]") {
  Trials trials = sines(0, 10);
  const auto refused = [](Trials changed, const std::string& sentence) {
    CHECK_THROWS_WITH(check_trials(changed), sentence);
  };
  refused({.source = "made", .coordinates = {}, .units = {}, .trials = {}},
          "'made': there is no trajectory in it");
  Trials short_one = trials;
  short_one.trials[2].times.resize(3);
  refused(short_one, "'made': trial 2 has 3 points, at least four are needed");
  Trials backward = sines(0, 10, true);
  backward.trials[1].times[4] = 0.5;
  refused(backward, "'made': trial 1: t = 0.5 does not come after t = 1");
  Trials endless = sines(0, 10, true);
  endless.trials[3].values[6] = NAN;
  refused(endless, "'made': trial 3, t = 2: the value of 'q' is not finite");
}

}  // namespace noether::dataset
