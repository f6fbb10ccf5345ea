#pragma once

// Trajectories of a spring, a pendulum and two bodies, by routes of their own: a closed form and
// fine steps.

#include <cmath>
#include <cstdint>

#include "base/random.h"
#include "learn/discovery/trajectories.h"
#include "learn/formula/expression.h"
#include "tests/learn/discovery/flows.h"

namespace noether::test {

// No states yet, of two coordinates.
inline learn::symbolic::Trajectories empty_trajectories(std::int64_t count, std::int64_t samples) {
  return {.coordinates = {"q", "p"},
          .count = count,
          .samples = samples,
          .x = {{}, {}},
          .dx_dt = {{}, {}}};
}

inline void append(learn::symbolic::Trajectories& to, double q, double p, double dq, double dp) {
  to.x[0].push_back(q);
  to.x[1].push_back(p);
  to.dx_dt[0].push_back(dq);
  to.dx_dt[1].push_back(dp);
}

// H = q^2 + p^2: q' = 2 p, p' = -2 q, so q = r cos(2 t + a), p = -r sin(2 t + a). Thirty points of
// 0 <= t <= 3, r from 0.1 to 1.
inline learn::symbolic::Trajectories spring(std::int64_t count, std::uint64_t seed) {
  auto result = empty_trajectories(count, 30);
  for (std::int64_t k = 0; k < count; ++k) {
    base::RandomStream random(seed, base::Purpose::initial_state, static_cast<std::uint64_t>(k));
    const double r = random.uniform(0.1, 1), a = random.uniform(0, 6.283185307179586);
    for (int i = 0; i < 30; ++i) {
      const double q = r * std::cos(2 * (3.0 * i / 29) + a),
                   p = -r * std::sin(2 * (3.0 * i / 29) + a);
      append(result, q, p, 2 * p, -2 * q);
    }
  }
  return result;
}

struct State {
  double q, p;
};

// H = p^2 - 3 cos q with friction: q' = 2 p, p' = -3 sin q - friction p.
inline State pendulum_rate(State s, double friction) {
  return {2 * s.p, -3 * std::sin(s.q) - friction * s.p};
}

// One classical Runge-Kutta step.
inline State pendulum_step(State s, double dt, double friction) {
  const auto moved = [&](State by, double h) { return State{s.q + h * by.q, s.p + h * by.p}; };
  const State a = pendulum_rate(s, friction);
  const State b = pendulum_rate(moved(a, dt / 2), friction);
  const State c = pendulum_rate(moved(b, dt / 2), friction);
  const State d = pendulum_rate(moved(c, dt), friction);
  return {s.q + dt / 6 * (a.q + 2 * b.q + 2 * c.q + d.q),
          s.p + dt / 6 * (a.p + 2 * b.p + 2 * c.p + d.p)};
}

// Forty-five points of 0 <= t <= 3 from radius 1.3 to 2.3. The derivatives are those at the states,
// so H is conserved to the last digits however good the steps are.
inline learn::symbolic::Trajectories pendulum(std::int64_t count, std::uint64_t seed,
                                              double friction = 0) {
  auto result = empty_trajectories(count, 45);
  for (std::int64_t k = 0; k < count; ++k) {
    base::RandomStream random(seed, base::Purpose::initial_state, static_cast<std::uint64_t>(k));
    const double r = random.uniform(1.3, 2.3), a = random.uniform(0, 6.283185307179586);
    State s{r * std::cos(a), r * std::sin(a)};
    for (int i = 0; i < 45; ++i) {
      const State rate = pendulum_rate(s, friction);
      append(result, s.q, s.p, rate.q, rate.p);
      for (int fine = 0; fine < 20; ++fine) s = pendulum_step(s, 3.0 / 44 / 20, friction);
    }
  }
  return result;
}

// Two bodies of mass 1, G = 1.
inline Point two_body_rate(const Point& s) {
  const double x = s[0] - s[2], y = s[1] - s[3], cube = std::pow(std::hypot(x, y), 3);
  return {s[4], s[5], s[6], s[7], -x / cube, -y / cube, x / cube, y / cube};
}

// Nearly circular orbits, each centre of mass at a place and with a velocity of its own up to
// `boost`.
inline learn::symbolic::Trajectories two_body(std::uint64_t seed, double boost) {
  std::vector<Point> starts;
  for (std::uint64_t k = 0; k < 25; ++k) {
    base::RandomStream random(seed, base::Purpose::initial_state, k);
    const double x = random.uniform(0.5, 1.5), y = random.uniform(0.5, 1.5), r = std::hypot(x, y);
    const double speed = (1 + 0.05 * random.normal()) / (2 * std::sqrt(r));
    const double vx = -y / r * speed, vy = x / r * speed;
    Point start{x, y, -x, -y, vx, vy, -vx, -vy};
    for (const std::size_t d : {0u, 1u, 4u, 5u}) {
      const double shift = boost * random.uniform(-1.0, 1.0);
      start[d] += shift;
      start[d + 2] += shift;
    }
    starts.push_back(start);
  }
  return flow({"x1", "y1", "x2", "y2", "vx1", "vy1", "vx2", "vy2"}, starts, two_body_rate, 50, 0.4);
}

// States moved by one offset a trajectory and coordinate, normal with this standard deviation: what
// denoising leaves.
inline learn::symbolic::Trajectories with_offsets(learn::symbolic::Trajectories t, double deviation,
                                                  std::uint64_t seed) {
  t.offset_variance = deviation * deviation;
  for (std::int64_t k = 0; k < t.count; ++k) {
    base::RandomStream random(seed, base::Purpose::noise, static_cast<std::uint64_t>(k));
    for (auto& column : t.x) {
      const double offset = deviation * random.normal();
      for (std::int64_t i = k * t.samples; i < (k + 1) * t.samples; ++i) {
        column[static_cast<std::size_t>(i)] += offset;
      }
    }
  }
  return t;
}

// p^2 - c0 cos q and q^2 + c0 p^2.
inline learn::symbolic::Expression pendulum_law() {
  using namespace learn::symbolic;
  return apply(Op::subtract, apply(Op::square, input(1)),
               apply(Op::multiply, parameter(0), apply(Op::cos, input(0))));
}

inline learn::symbolic::Expression spring_law() {
  using namespace learn::symbolic;
  return apply(Op::add, apply(Op::square, input(0)),
               apply(Op::multiply, parameter(0), apply(Op::square, input(1))));
}

}  // namespace noether::test
