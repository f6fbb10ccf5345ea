#pragma once

// The pendulum H = 3 (1 - cos q) + p^2 below its separatrix, by Jacobi elliptic functions in
// extended precision: a route that shares nothing with any integrator.

#include <boost/math/special_functions/ellint_1.hpp>
#include <boost/math/special_functions/jacobi_elliptic.hpp>
#include <cmath>
#include <numbers>
#include <span>
#include <vector>

namespace noether::test {

// The states (T, 2) at `times` from (q, p) at time 0; needs H < 6 and |q| < pi.
inline std::vector<double> pendulum_closed_form(double q, double p, std::span<const double> times) {
  const long double frequency = std::sqrt(6.0L);
  const long double half_sine = std::sin(q / 2.0L);
  const long double modulus =
      std::sqrt(half_sine * half_sine + static_cast<long double>(p) * p / 6);
  long double amplitude = std::asin(std::min(1.0L, std::max(-1.0L, half_sine / modulus)));
  if (p < 0) amplitude = std::numbers::pi_v<long double> - amplitude;
  const long double start = boost::math::ellint_1(modulus, amplitude);

  std::vector<double> states;
  for (const double t : times) {
    long double cn = 0;
    long double dn = 0;
    const long double sn = boost::math::jacobi_elliptic(modulus, frequency * t + start, &cn, &dn);
    states.push_back(static_cast<double>(2 * std::asin(modulus * sn)));
    states.push_back(static_cast<double>(frequency * modulus * cn));
  }
  return states;
}

}  // namespace noether::test
