#include "learn/ode/solve.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/error.h"
#include "base/text.h"
#include "learn/autodiff/custom.h"
#include "learn/autodiff/trace.h"
#include "learn/ode/adaptive.h"
#include "learn/ode/adjoint.h"
#include "learn/ode/runge_kutta.h"

namespace noether::learn {

namespace {

void check_times(std::span<const double> times) {
  const bool grow = std::ranges::adjacent_find(times, std::greater_equal<>()) == times.end();
  const bool fall = std::ranges::adjacent_find(times, std::less_equal<>()) == times.end();
  const bool are_finite = std::ranges::all_of(times, [](double t) { return std::isfinite(t); });
  if (!times.empty() && are_finite && (grow || fall)) return;
  throw base::UsageError("the times of a solution must be finite, and grow or fall");
}

std::vector<Tensors> by_rk4(const Dynamics& f, const Params& params, const Tensors& h0,
                            std::span<const double> times, double longest_step) {
  if (!(longest_step > 0)) throw base::UsageError("a step of rk4 must be longer than zero");
  std::vector<Tensors> states{h0};
  for (std::size_t n = 1; n < times.size(); ++n) {
    const double span = times[n] - times[n - 1];
    // rounding makes no step of its own
    const double parts = std::max(1.0, std::ceil(std::abs(span) / longest_step - 1e-6));
    const double dt = span / parts;
    Tensors h = states.back();
    for (int i = 0; i < static_cast<int>(parts); ++i) {
      const auto step = [f, t = times[n - 1] + i * dt, dt](const Params& p, const Tensors& from) {
        return rk4_step(f, p, t, from, dt);
      };
      h = checkpoint(step, params, h);
    }
    states.push_back(h);
  }
  return states;
}

Tensors without_boxes(const Tensors& xs) {
  Tensors bare;
  for (const Tensor& x : xs) bare.push_back(stop_gradient(x));
  return bare;
}

bool is_boxed(const Tensors& xs) {
  return std::ranges::any_of(xs, [](const Tensor& x) { return x.box() != nullptr; });
}

// The steps that were taken, once more, so that derivatives pass.
std::vector<Tensors> replayed(const Dynamics& f, const Params& params, const Tensors& h0,
                              const AdaptiveRun& run) {
  std::vector<Tensors> states{h0};
  if (run.steps.empty()) return states;
  Tensors h = h0, slope = f(params, run.steps.front().t, h0);
  for (const TakenStep& taken : run.steps) {
    const auto step = [f, taken](const Params& p, const Tensors& from, const Tensors& first) {
      const Dopri5Step made = dopri5_step(f, p, taken.t, from, first, taken.dt);
      Tensors between;
      for (const double share : taken.shares) {
        if (share == 1) continue;
        for (const Tensor& x : within(made, from, share)) between.push_back(x);
      }
      return std::tuple(made.next, made.slope, between);
    };
    const auto [next, next_slope, between] = checkpoint(step, params, h, slope);
    for (std::size_t i = 0; i < taken.shares.size(); ++i) {
      const auto first = between.begin() + static_cast<std::ptrdiff_t>(i * h.size());
      states.push_back(taken.shares[i] == 1
                           ? next
                           : Tensors(first, first + static_cast<std::ptrdiff_t>(h.size())));
    }
    h = next;
    slope = next_slope;
  }
  return states;
}

std::vector<Tensors> by_dopri5(const Dynamics& f, const Params& params, const Tensors& h0,
                               std::span<const double> times, const OdeSolver& solver) {
  AdaptiveRun run = run_adaptively(f, stop_gradient(params), without_boxes(h0), times, solver);
  if (!is_boxed(h0) && !is_boxed(params.tensors())) return std::move(run.states);
  run.states.clear();
  return replayed(f, params, h0, run);
}

// in the order of the enumerations
const std::vector<std::string> methods{"rk4", "dopri5"}, gradients{"through-solver", "adjoint"};

std::size_t index_in(const std::vector<std::string>& names, std::string_view name,
                     const char* what) {
  const auto found = std::ranges::find(names, name);
  if (found == names.end()) throw base::UsageError(base::unknown_name(what, name, names));
  return static_cast<std::size_t>(found - names.begin());
}

}  // namespace

const std::vector<std::string>& ode_method_names() { return methods; }
const std::vector<std::string>& ode_gradient_names() { return gradients; }

OdeMethod ode_method_of(std::string_view name) {
  return static_cast<OdeMethod>(index_in(methods, name, "solver"));
}
OdeGradient ode_gradient_of(std::string_view name) {
  return static_cast<OdeGradient>(index_in(gradients, name, "gradient"));
}

std::vector<Tensors> solve(const Dynamics& f, const Params& params, const Tensors& h0,
                           std::span<const double> times, const OdeSolver& solver) {
  check_times(times);
  if (solver.gradient == OdeGradient::adjoint)
    return solve_by_adjoint(f, params, h0, times, solver);
  if (solver.method == OdeMethod::rk4) return by_rk4(f, params, h0, times, solver.longest_step);
  return by_dopri5(f, params, h0, times, solver);
}

Tensors solve_to(const Dynamics& f, const Params& params, const Tensors& h0, double from, double to,
                 const OdeSolver& solver) {
  return solve(f, params, h0, std::array{from, to}, solver).back();
}

}  // namespace noether::learn
