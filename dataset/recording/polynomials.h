#pragma once

// Polynomials through measured points: their slopes and integrals.

#include <cstddef>
#include <span>
#include <vector>

namespace noether::dataset {

// The derivative at times[at] of the polynomial through all of these points.
double polynomial_slope(std::span<const double> times, std::span<const double> values,
                        std::size_t at);

// The integral from the first time to each, of the polynomials through the `most` nearest values,
// fewer where there are fewer.
std::vector<double> polynomial_integral(const std::vector<double>& values,
                                        const std::vector<double>& times, std::size_t most = 6);

}  // namespace noether::dataset
