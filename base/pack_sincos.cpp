#include "base/pack_sincos.h"

#include <bit>

namespace noether::base {
namespace {

// beyond this |x| the product of the quadrant number and pi/2 is no longer exact enough
constexpr double largest_reduced = 1e5;

// pi/2 = half_pi_high + half_pi_low to 107 bits
constexpr double half_pi_high = 0x1.921fb54442d18p0;
constexpr double half_pi_low = 0x1.1a62633145c07p-54;
constexpr double two_over_pi = 0x1.45f306dc9c883p-1;

// adding and subtracting 1.5 * 2^52 rounds to an integer and leaves it in the low bits
constexpr double rounder = 0x1.8p52;

template <std::size_t n>
Vector polynomial(Vector z, const std::array<double, n>& coefficients) {
  Vector sum = coefficients[n - 1] - Vector{};
  for (std::size_t k = n - 1; k-- > 0;) sum = fma(sum, z, coefficients[k] - Vector{});
  return sum;
}

// on [-pi/4, pi/4]: sin r = r + r^3 S(r^2), cos r = 1 - r^2/2 + r^4 C(r^2)
constexpr std::array<double, 6> sin_coefficients = {
    -1.66666666666666324348e-01, 8.33333333332248946124e-03,  -1.98412698298579493134e-04,
    2.75573137070700676789e-06,  -2.50507602534068634195e-08, 1.58969099521155010221e-10};
constexpr std::array<double, 6> cos_coefficients = {
    4.16666666666666019037e-02,  -1.38888888888741095749e-03, 2.48015872894767294178e-05,
    -2.75573143513906633035e-07, 2.08757232129817482790e-09,  -1.13596475577881948265e-11};

struct VectorSinCos {
  Vector sin;
  Vector cos;
};

VectorSinCos reduced_sincos(Vector x) {
  // x = n pi/2 + r; the first product is exact under fma, so r is good to its last place
  const Vector shifted = fma(x, two_over_pi - Vector{}, rounder - Vector{});
  const Vector n = shifted - rounder;
  const auto quadrant = std::bit_cast<VectorMask>(shifted);
  const Vector high = fma(n, -half_pi_high - Vector{}, x);
  const Vector r = fma(n, -half_pi_low - Vector{}, high);

  const Vector z = r * r;
  const Vector sin_r = fma(r * z, polynomial(z, sin_coefficients), r);
  const Vector cos_r =
      fma(z, fma(z, polynomial(z, cos_coefficients), -0.5 - Vector{}), 1.0 - Vector{});

  // odd quadrants swap the two; the second bit of the quadrant is the sign
  const VectorMask odd = (quadrant & 1) != 0;
  const VectorMask sin_sign = (quadrant & 2) << 62;
  const VectorMask cos_sign = ((quadrant + 1) & 2) << 62;
  const Vector sin_magnitude = odd ? cos_r : sin_r;
  const Vector cos_magnitude = odd ? sin_r : cos_r;
  return {.sin = std::bit_cast<Vector>(std::bit_cast<VectorMask>(sin_magnitude) ^ sin_sign),
          .cos = std::bit_cast<Vector>(std::bit_cast<VectorMask>(cos_magnitude) ^ cos_sign)};
}

}  // namespace

SinCos sincos(const Pack& x) {
  SinCos result;
  for (std::size_t i = 0; i < pack_vectors; ++i) {
    const VectorSinCos reduced = reduced_sincos(x.part[i]);
    result.sin.part[i] = reduced.sin;
    result.cos.part[i] = reduced.cos;
    for (std::size_t lane = 0; lane < vector_lanes; ++lane) {
      const double angle = x.part[i][lane];
      if (std::abs(angle) <= largest_reduced) continue;
      result.sin.part[i][lane] = std::sin(angle);
      result.cos.part[i][lane] = std::cos(angle);
    }
  }
  return result;
}

}  // namespace noether::base
