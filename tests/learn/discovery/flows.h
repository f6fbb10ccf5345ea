#pragma once

// Trajectories of any vector field in any dimension, by fine classical Runge-Kutta steps.

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "learn/discovery/trajectories.h"

namespace noether::test {

using Point = std::vector<double>;
using Field = std::function<Point(const Point&)>;

inline Point runge_kutta_step(const Field& field, const Point& x, double dt) {
  const auto moved = [&](const Point& by, double h) {
    Point result = x;
    for (std::size_t d = 0; d < x.size(); ++d) result[d] += h * by[d];
    return result;
  };
  const Point a = field(x);
  const Point b = field(moved(a, dt / 2));
  const Point c = field(moved(b, dt / 2));
  const Point e = field(moved(c, dt));
  Point result = x;
  for (std::size_t d = 0; d < x.size(); ++d) {
    result[d] += dt / 6 * (a[d] + 2 * b[d] + 2 * c[d] + e[d]);
  }
  return result;
}

// `samples` points dt apart from each start, with 20 steps between them.
inline learn::symbolic::Trajectories flow(const std::vector<std::string>& names,
                                          const std::vector<Point>& starts, const Field& field,
                                          std::int64_t samples, double dt) {
  learn::symbolic::Trajectories result{.coordinates = names,
                                       .count = static_cast<std::int64_t>(starts.size()),
                                       .samples = samples,
                                       .x = std::vector<std::vector<double>>(names.size()),
                                       .dx_dt = std::vector<std::vector<double>>(names.size())};
  for (Point x : starts) {
    for (std::int64_t i = 0; i < samples; ++i) {
      const Point rate = field(x);
      for (std::size_t d = 0; d < x.size(); ++d) {
        result.x[d].push_back(x[d]);
        result.dx_dt[d].push_back(rate[d]);
      }
      for (int step = 0; step < 20; ++step) x = runge_kutta_step(field, x, dt / 20);
    }
  }
  return result;
}

}  // namespace noether::test
