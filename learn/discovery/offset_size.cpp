#include "learn/discovery/offset_size.h"

#include <algorithm>
#include <cmath>

namespace noether::learn::symbolic {

double excess(const OffsetSize& size) {
  const double degrees = std::max(size.degrees, 1.0), spread = 2 / (9 * degrees);
  return (std::cbrt(size.chi_square / degrees) - (1 - spread)) / std::sqrt(spread);
}

double hidden_deviations(const OffsetSize& size) {
  // The non-central chi-square with non-centrality L has mean nu + L and variance 2 nu + 4 L. Where
  // chi_square is 1.645 standard deviations below the mean, L is at its 95 % bound. Offsets smaller
  // than expected do not make the bound smaller.
  constexpr double z = 1.645;
  const double degrees = std::max(size.degrees, 1.0);
  const double beyond = std::max(size.chi_square - degrees, 0.0), half = beyond + 2 * z * z;
  const double most = half + std::sqrt(half * half - beyond * beyond + 2 * z * z * degrees);
  return std::sqrt(most / degrees);
}

}  // namespace noether::learn::symbolic
