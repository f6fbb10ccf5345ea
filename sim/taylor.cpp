#include "sim/taylor.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "base/error.h"
#include "base/pack.h"
#include "base/pack_sincos.h"
#include "base/text.h"

namespace noether::sim {

using base::broadcast;
using base::Pack;
using base::pack_lanes;
using base::pack_vectors;
using base::Vector;
using base::vector_lanes;

namespace {

constexpr std::size_t order = taylor_order;
constexpr int most_steps = 500'000;  // about half a second

struct PackState {
  Pack q;
  Pack p;
};

// The series of q and p about the start of a step.
struct Series {
  std::array<Pack, order + 1> q;
  std::array<Pack, order + 1> p;
};

Series pendulum_series(const PackState& start, const PendulumParameters& pendulum) {
  const double a = 1 / pendulum.inertia, b = pendulum.torque, gamma = pendulum.friction;
  Series series;
  auto& p = series.p;
  std::array<Pack, order - 1> c;  // of a b cos q

  const base::SinCos angle = sincos(start.q);
  p[0] = start.p;
  p[1] = fma(broadcast(-b), angle.sin, -gamma * start.p);
  c[0] = (a * b) * angle.cos;
  Pack u_before = p[0] * p[0];
  Pack product = c[0] * p[0];
  p[2] = -0.5 * fma(broadcast(gamma), p[1], product);

  for (std::size_t k = 1; k + 2 <= order; ++k) {
    // the terms j and k - j of u = p p and of c p together: four loads feed three products
    Pack half_u = p[0] * p[k];
    Pack first = p[k] * c[0];
    Pack second = broadcast(0.0);
    std::size_t j = 1;
    for (; 2 * j < k; ++j) {
      const Pack low = p[j];
      const Pack high = p[k - j];
      half_u = fma(low, high, half_u);
      first = fma(high, c[j], first);
      second = fma(low, c[k - j], second);
    }
    Pack u = 2.0 * half_u;
    if (2 * j == k) {
      u = fma(p[j], p[j], u);
      first = fma(p[j], c[j], first);
    }
    const double n = static_cast<double>(k);
    c[k] = fma(broadcast(a * a * gamma / n), u_before, (a * a / 2) * u);
    u_before = u;
    product = fma(p[0], c[k], first + second);
    p[k + 2] = (-1.0 / ((n + 1) * (n + 2))) * fma(broadcast(gamma * (n + 1)), p[k + 1], product);
  }

  series.q[0] = start.q;
  for (std::size_t k = 0; k < order; ++k) series.q[k + 1] = (a / static_cast<double>(k + 1)) * p[k];
  return series;
}

// The state `time` after the start of the step, by Horner's rule.
PackState evaluate(const Series& series, double time) {
  const Pack t = broadcast(time);
  PackState state{.q = series.q[order], .p = series.p[order]};
  for (std::size_t k = order; k-- > 0;) {
    state.q = fma(state.q, t, series.q[k]);
    state.p = fma(state.p, t, series.p[k]);
  }
  return state;
}

// The largest of |term| weight over the lanes.
double largest(const Pack& term, const Pack& weight) {
  Vector found{};
  for (std::size_t i = 0; i < pack_vectors; ++i) {
    const Vector x = term.part[i] * weight.part[i];
    const Vector magnitude = x < 0 ? -x : x;
    found = magnitude > found ? magnitude : found;
  }
  double result = found[0];
  for (std::size_t lane = 1; lane < vector_lanes; ++lane) result = std::max(result, found[lane]);
  return result;
}

// The length at which each of the last two terms has fallen to the tolerance; both, because every
// other coefficient vanishes at a turning point.
double step_length(const Series& series, const Tolerance& tolerance) {
  Pack weight;
  for (std::size_t i = 0; i < pack_vectors; ++i) {
    const Vector p = series.p[0].part[i];
    weight.part[i] = 1.0 / (tolerance.absolute + tolerance.relative * (p < 0 ? -p : p));
  }
  const double last = largest(series.p[order], weight);
  const double before = largest(series.p[order - 1], weight);
  const double length = std::min(std::pow(last, -1.0 / static_cast<double>(order)),
                                 std::pow(before, -1.0 / static_cast<double>(order - 1)));
  // single precision is ample for a step, and keeps the last bit of pow out of the results
  return static_cast<double>(static_cast<float>(length));
}

bool all_finite(const PackState& state) {
  Vector zero{};  // x - x is 0 for every finite x, else NaN
  for (std::size_t i = 0; i < pack_vectors; ++i) {
    zero += (state.q.part[i] - state.q.part[i]) + (state.p.part[i] - state.p.part[i]);
  }
  for (std::size_t lane = 0; lane < vector_lanes; ++lane) {
    if (zero[lane] != 0) return false;
  }
  return true;
}

// The states of the pack's members in memory: members (n, T, 2) from `first` on.
class Members {
 public:
  Members(std::span<double> first, std::size_t count, std::size_t steps)
      : states_(first), count_(count), steps_(steps) {}

  void store(std::size_t step, const PackState& state) {
    const auto q = lanes(state.q);
    const auto p = lanes(state.p);
    double* to = &states_[2 * step];
    for (std::size_t i = 0; i < count_; ++i, to += 2 * steps_) {
      to[0] = q[i];
      to[1] = p[i];
    }
  }

 private:
  std::span<double> states_;
  std::size_t count_;
  std::size_t steps_;
};

PackState load_members(std::span<const double> initial_states) {
  std::array<double, pack_lanes> q{};
  std::array<double, pack_lanes> p{};
  for (std::size_t i = 0; i < pack_lanes; ++i) {
    const std::size_t member = std::min(i, initial_states.size() / 2 - 1);
    q[i] = initial_states[2 * member];
    p[i] = initial_states[2 * member + 1];
  }
  return {.q = base::load(q), .p = base::load(p)};
}

void integrate_pack(const PendulumParameters& pendulum, PackState state,
                    std::span<const double> times, const Tolerance& tolerance, Members& members) {
  members.store(0, state);
  const double direction = times.back() < times.front() ? -1.0 : 1.0;
  double t = times.front();
  std::size_t next = 1;
  for (int step = 0; next < times.size(); ++step) {
    const Series series = pendulum_series(state, pendulum);
    // whatever is not finite in the state or on the way has reached the last coefficients
    if (!all_finite({.q = series.q[order], .p = series.p[order]})) {
      throw base::NumericalError(
          fmt::format("taylor: a state stops being finite at time {}", base::format_double(t)));
    }
    const double length = step_length(series, tolerance);
    if (step == most_steps || t + direction * length == t) {
      throw base::NumericalError(fmt::format(
          "taylor: the tolerance cannot be met at time {}: after {} steps the next is {}",
          base::format_double(t), step, base::format_double(length)));
    }
    for (; next < times.size() && std::abs(times[next] - t) <= length; ++next) {
      members.store(next, evaluate(series, times[next] - t));
    }
    if (next < times.size()) state = evaluate(series, direction * length);
    t += direction * length;
  }
}

}  // namespace

std::vector<double> taylor_pendulums(const PendulumParameters& pendulum,
                                     std::span<const double> initial_states,
                                     std::span<const double> times, const Tolerance& tolerance) {
  const std::size_t count = initial_states.size() / 2;
  const std::size_t trajectory = 2 * times.size();
  std::vector<double> states(count * trajectory);
  for (std::size_t first = 0; first < count; first += pack_lanes) {
    const std::size_t members = std::min(pack_lanes, count - first);
    const std::span<double> rows(&states[first * trajectory], members * trajectory);
    Members results(rows, members, times.size());
    integrate_pack(pendulum, load_members(initial_states.subspan(2 * first, 2 * members)), times,
                   tolerance, results);
  }
  return states;
}

PackIntegrator taylor_integrator(decltype(PackIntegrator::integrate) integrate) {
  return {.method = "taylor", .pack_size = static_cast<int>(pack_lanes), .integrate = integrate};
}

}  // namespace noether::sim
