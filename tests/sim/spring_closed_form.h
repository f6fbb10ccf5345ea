#pragma once

// The spring H = q^2 + p^2 by sines, in extended precision.

#include <cmath>
#include <span>
#include <vector>

namespace noether::test {

// The states (T, 2) at `times` from (q, p) at time 0.
inline std::vector<double> spring_closed_form(double q, double p, std::span<const double> times) {
  std::vector<double> states;
  for (const long double t : times) {
    states.push_back(static_cast<double>(q * std::cos(2 * t) + p * std::sin(2 * t)));
    states.push_back(static_cast<double>(p * std::cos(2 * t) - q * std::sin(2 * t)));
  }
  return states;
}

}  // namespace noether::test
