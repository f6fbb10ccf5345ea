#include "sim/integrator.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/numeric/odeint/stepper/controlled_runge_kutta.hpp>
#include <boost/numeric/odeint/stepper/runge_kutta4.hpp>
#include <boost/numeric/odeint/stepper/runge_kutta_dopri5.hpp>
#include <boost/numeric/odeint/stepper/runge_kutta_fehlberg78.hpp>
#include <boost/version.hpp>
#include <cmath>
#include <limits>

#include "base/error.h"
#include "base/text.h"
#include "sim/integration_checks.h"
#include "sim/taylor.h"

namespace noether::sim {
namespace {

namespace odeint = boost::numeric::odeint;
using State = std::vector<double>;

constexpr int most_steps = 500'000;  // about half a second

// One trajectory to compute.
struct Problem {
  const System& system;
  std::span<const double> constants;
  std::span<const double> initial_state;
  std::span<const double> times;
  const Integration& options;
};

[[noreturn]] void fail(const Problem& problem, double t, std::string_view what) {
  throw base::NumericalError(fmt::format("{} by {}: {} at {} {}", problem.system.name,
                                         problem.options.method, what, problem.system.time_name,
                                         base::format_double(t)));
}

bool all_finite(std::span<const double> values) {
  return std::ranges::all_of(values, [](double x) { return std::isfinite(x); });
}

// The error of a step in units of what is allowed, atol + rtol |y|, largest over the coordinates. A
// step that is not finite, or that is wrong where nothing is allowed, is infinitely wrong.
class ErrorChecker {
 public:
  explicit ErrorChecker(const Integration& options) : rtol_(options.rtol), atol_(options.atol) {}

  template <class Algebra, class Derivative, class Time>
  double error(Algebra& /*algebra*/, const State& before, const Derivative& /*rate*/,
               const State& step_error, Time /*dt*/) const {
    double largest = 0;
    for (std::size_t i = 0; i < before.size(); ++i) {
      if (step_error[i] == 0) continue;
      const double ratio = std::abs(step_error[i]) / (atol_ + rtol_ * std::abs(before[i]));
      if (!std::isfinite(ratio)) return std::numeric_limits<double>::infinity();
      largest = std::max(largest, ratio);
    }
    return largest;
  }

 private:
  double rtol_;
  double atol_;
};

// Runs a controlled stepper so that it lands on each output time, and hands each state to `store`.
template <class ErrorStepper, class Store>
void run_controlled(const Problem& problem, Store store) {
  odeint::controlled_runge_kutta<ErrorStepper, ErrorChecker> stepper{ErrorChecker(problem.options)};
  const auto rhs = [&](const State& y, State& rate, double) {
    problem.system.derivative(y, problem.constants, rate);
  };
  State y(problem.initial_state.begin(), problem.initial_state.end());
  const auto times = problem.times;
  double wanted = times.size() > 1 ? times[1] - times[0] : 0;
  int steps = 0;
  for (std::size_t n = 1; n < times.size(); ++n) {
    double t = times[n - 1];
    // the last step before an output is cut short; the length it had is kept for the next
    while (t != times[n]) {
      const double left = times[n] - t;
      const bool cut = std::abs(wanted) >= std::abs(left);
      double dt = cut ? left : wanted;
      if (++steps > most_steps) fail(problem, t, "the tolerance cannot be met in 500000 steps");
      if (t + dt == t) fail(problem, t, "the tolerance cannot be met: the step shrinks to nothing");
      const bool accepted = stepper.try_step(rhs, y, t, dt) == odeint::success;
      if (accepted && !all_finite(y)) fail(problem, t, "the state stops being finite");
      if (accepted && cut) t = times[n];
      const bool keep = accepted && cut && std::abs(dt) < std::abs(wanted);
      if (!keep) wanted = dt;
    }
    store(n, y);
  }
}

// How a fixed-step method divides one output interval: into equal parts of at most max_step.
int parts_of(const Problem& problem, double t, double interval) {
  if (problem.options.max_step == 0) return 1;
  const double parts = std::ceil(std::abs(interval) / problem.options.max_step);
  if (parts > most_steps) fail(problem, t, "max_step asks for more than 500000 steps to an output");
  return static_cast<int>(parts);
}

// Runs `step(t, dt)` in equal parts between outputs, with t = t0 + n dt.
template <class Step, class Store>
void run_fixed(const Problem& problem, Step step, Store store) {
  for (std::size_t n = 1; n < problem.times.size(); ++n) {
    const double start = problem.times[n - 1];
    const double interval = problem.times[n] - start;
    const int parts = parts_of(problem, start, interval);
    const double dt = interval / parts;
    for (int i = 0; i < parts; ++i) step(start + i * dt, dt);
    if (!store(n)) fail(problem, problem.times[n], "the state stops being finite");
  }
}

template <class Store>
void run_rk4(const Problem& problem, Store store) {
  odeint::runge_kutta4<State> stepper;
  const auto rhs = [&](const State& y, State& rate, double) {
    problem.system.derivative(y, problem.constants, rate);
  };
  State y(problem.initial_state.begin(), problem.initial_state.end());
  run_fixed(
      problem, [&](double t, double dt) { stepper.do_step(rhs, y, t, dt); },
      [&](std::size_t n) {
        store(n, y);
        return all_finite(y);
      });
}

// Kick, drift, kick: velocity Verlet for any q' = f(p), p' = g(q). (Odeint's stepper knows q' = p
// alone.) Symplectic, time-reversible, of order 2. A step of another method is several of these, of
// the shares `stages` of it.
template <class Store>
void run_velocity_verlet(const Problem& problem, std::span<const double> stages, Store store) {
  State y(problem.initial_state.begin(), problem.initial_state.end());
  State rate(y.size());
  const std::size_t half = y.size() / 2;
  const auto move = [&](std::size_t first, std::size_t last, double dt) {
    problem.system.derivative(y, problem.constants, rate);
    for (std::size_t i = first; i < last; ++i) y[i] += dt * rate[i];
  };
  run_fixed(
      problem,
      [&](double, double dt) {
        for (const double stage : stages) {
          move(half, y.size(), stage * dt / 2);
          move(0, half, stage * dt);
          move(half, y.size(), stage * dt / 2);
        }
      },
      [&](std::size_t n) {
        store(n, y);
        return all_finite(y);
      });
}

// Two steps forwards and one back, whose errors of order 3 cancel.
const double outer_stage = 1 / (2 - std::cbrt(2.0));
const std::array<double, 3> forest_ruth{outer_stage, 1 - 2 * outer_stage, outer_stage};

// One trajectory into `states` (T, D).
void run(const Problem& problem, std::span<double> states) {
  const std::size_t dimension = problem.initial_state.size();
  const auto store = [&](std::size_t n, const auto& y) {
    std::ranges::copy(y, &states[n * dimension]);
  };
  store(0, problem.initial_state);
  const std::string& method = problem.options.method;
  if (method == "rkf78") run_controlled<odeint::runge_kutta_fehlberg78<State>>(problem, store);
  if (method == "dopri5") run_controlled<odeint::runge_kutta_dopri5<State>>(problem, store);
  if (method == "rk4") run_rk4(problem, store);
  if (method == "velocity-verlet") run_velocity_verlet(problem, std::array{1.0}, store);
  if (method == "forest-ruth") run_velocity_verlet(problem, forest_ruth, store);
}

}  // namespace

const std::vector<IntegratorInfo>& all_integrators() {
  static const std::vector<IntegratorInfo> integrators = {
      {"rkf78", "Runge-Kutta-Fehlberg 7(8), adaptive (Fehlberg, NASA TR R-287, 1968)", 8, true},
      {"dopri5", "Dormand-Prince 5(4), adaptive (J. Comp. Appl. Math. 6:19, 1980)", 5, true},
      {"rk4", "the classical Runge-Kutta method, fixed step (Kutta, 1901)", 4, false},
      {"velocity-verlet", "symplectic, fixed step (Swope et al., J. Chem. Phys. 76:637, 1982)", 2,
       false, false, true},
      {"forest-ruth", "symplectic, fixed step (Forest and Ruth, Physica D 43:105, 1990)", 4, false,
       false, true},
      {"taylor", "Taylor series in packs, adaptive, pendulums only (Jorba and Zou, 2005)",
       taylor_order, true, true},
  };
  return integrators;
}

std::vector<double> integrate(const System& system, std::span<const double> constants,
                              std::span<const double> initial_state, std::span<const double> times,
                              const Integration& options) {
  if (initial_state.size() != system.dimension()) {
    throw base::ShapeError(fmt::format("{}: an initial state of {} numbers; expected {}",
                                       system.name, initial_state.size(), system.dimension()));
  }
  return integrate_many(system, constants, initial_state, times, options);
}

std::vector<double> integrate_many(const System& system, std::span<const double> constants,
                                   std::span<const double> initial_states,
                                   std::span<const double> times, const Integration& options) {
  const std::vector<double> defaults = default_values(system.constants);
  if (constants.empty()) constants = defaults;
  check_integration(system, constants, initial_states, times, options);
  const Tolerance tolerance{.relative = options.rtol, .absolute = options.atol};
  const bool in_packs = options.method == system.packs.method;
  if (in_packs && constants.size() == defaults.size())
    return system.packs.integrate(constants, initial_states, times, tolerance);
  const std::size_t dimension = system.dimension();
  const std::size_t length = times.size() * dimension;
  const std::size_t count = initial_states.size() / dimension;
  std::vector<double> states(count * length);
  for (std::size_t i = 0; i < count; ++i) {
    const auto own = constants_of(system, constants, i);
    const auto start = initial_states.subspan(i * dimension, dimension);
    const std::span<double> out(&states[i * length], length);
    if (in_packs) {
      std::ranges::copy(system.packs.integrate(own, start, times, tolerance), out.begin());
    } else {
      run({system, own, start, times, options}, out);
    }
  }
  return states;
}

int pack_size(const System& system, std::string_view method) {
  return find_integrator(method).name == system.packs.method ? system.packs.pack_size : 1;
}

std::string odeint_version() {
  return fmt::format("Boost {}.{}.{}", BOOST_VERSION / 100000, BOOST_VERSION / 100 % 1000,
                     BOOST_VERSION % 100);
}

}  // namespace noether::sim
