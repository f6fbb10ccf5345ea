#include "learn/ode/adaptive.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.h"
#include "learn/autodiff/ops.h"
#include "learn/ode/runge_kutta.h"

namespace noether::learn {

namespace {

// The largest rms of e / (absolute + relative max(|a|, |b|)) of a tensor of the state.
double scaled_size(const Tensors& e, const Tensors& a, const Tensors& b, const OdeSolver& solver) {
  double worst = 0;
  for (std::size_t k = 0; k < e.size(); ++k) {
    const auto error = e[k].to_vector(), from = a[k].to_vector(), to = b[k].to_vector();
    double sum = 0;
    for (std::size_t i = 0; i < error.size(); ++i) {
      const double size = std::max(std::abs(from[i]), std::abs(to[i]));
      const double share =
          error[i] / (solver.absolute_tolerance + solver.relative_tolerance * size);
      sum += share * share;
    }
    const double rms = std::sqrt(sum / std::max(1.0, static_cast<double>(error.size())));
    if (!std::isfinite(rms)) return std::numeric_limits<double>::infinity();
    worst = std::max(worst, rms);
  }
  return worst;
}

// Not by the C library, so that all processors agree.
double power_of(double x, double exponent) { return power(Tensor::scalar(x), exponent).item(); }

// Hairer, Norsett and Wanner, section II.4: what Euler's step says of the first two derivatives.
double first_step(const Dynamics& f, const Params& params, double t, const Tensors& h,
                  const Tensors& slope, double span, const OdeSolver& solver) {
  const double size = scaled_size(h, h, h, solver), rate = scaled_size(slope, h, h, solver);
  const double trial =
      std::min(std::abs(span), size < 1e-5 || rate < 1e-5 ? 1e-6 : 0.01 * size / rate);
  const double direction = span < 0 ? -1 : 1;
  Tensors there, bend;
  for (std::size_t k = 0; k < h.size(); ++k) there.push_back(h[k] + (direction * trial) * slope[k]);
  const Tensors next = f(params, t + direction * trial, there);
  for (std::size_t k = 0; k < h.size(); ++k) bend.push_back(next[k] - slope[k]);
  const double most = std::max(rate, scaled_size(bend, h, h, solver) / trial);
  if (!std::isfinite(most)) {
    throw base::NumericalError(fmt::format("the rates at t = {} are not finite", t));
  }
  const double by_rates = most <= 1e-15 ? std::max(1e-6, trial * 1e-3) : power_of(0.01 / most, 0.2);
  return direction * std::min({100 * trial, by_rates, std::abs(span)});
}

// How much longer the next step may be than one whose error was `error` of what is allowed.
double growth(double error, bool was_refused) {
  constexpr double safety = 0.9, least = 0.2, most = 10;
  if (error == 0) return was_refused ? 1 : most;
  if (!std::isfinite(error)) return least;
  return std::clamp(safety * power_of(error, -0.2), least, was_refused ? 1 : most);
}

void check_step(double t, double dt, std::int64_t steps, const OdeSolver& solver) {
  if (std::abs(dt) <= 16 * std::numeric_limits<double>::epsilon() * std::abs(t) || dt == 0) {
    throw base::NumericalError(
        fmt::format("the steps of the solver become too short at t = {}", t));
  }
  if (steps >= solver.most_steps) {
    throw base::NumericalError(fmt::format(
        "the solver has taken {} steps and has come to t = {} only", solver.most_steps, t));
  }
}

}  // namespace

AdaptiveRun run_adaptively(const Dynamics& f, const Params& params, const Tensors& h0,
                           std::span<const double> times, const OdeSolver& solver) {
  AdaptiveRun run{.steps = {}, .states = {h0}};
  if (times.size() < 2) return run;
  const double end = times.back();
  double t = times.front();
  Tensors h = h0, slope = f(params, t, h);
  double dt = first_step(f, params, t, h, slope, end - t, solver);
  bool was_refused = false;
  for (std::int64_t tried = 0; run.states.size() < times.size(); ++tried) {
    const double left = end - t;
    const bool is_last = std::abs(dt) >= std::abs(left) * (1 - 1e-12);
    if (is_last) dt = left;
    check_step(t, dt, tried, solver);
    const Dopri5Step step = dopri5_step(f, params, t, h, slope, dt);
    const double error = scaled_size(step.error, h, step.next, solver);
    const double next_dt = dt * growth(error, was_refused);
    was_refused = !(error <= 1);
    if (!was_refused) {
      TakenStep taken{.t = t, .dt = dt};
      const double reached = is_last ? end : t + dt;
      while (run.states.size() < times.size() &&
             (dt > 0 ? times[run.states.size()] <= reached : times[run.states.size()] >= reached)) {
        taken.shares.push_back((times[run.states.size()] - t) / dt);
        const bool at_end = times[run.states.size()] == reached;
        if (at_end) taken.shares.back() = 1;
        run.states.push_back(at_end ? step.next : within(step, h, taken.shares.back()));
      }
      run.steps.push_back(std::move(taken));
      t = reached;
      h = step.next;
      slope = step.slope;
    }
    dt = next_dt;
  }
  return run;
}

}  // namespace noether::learn
