#include "bench/symmetries/columns.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <span>

namespace noether::bench {

using learn::Tensor;

double dot(const std::vector<double>& a, const std::vector<double>& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

Columns columns_of(const Tensor& matrix) {
  const std::vector<double> values = matrix.to_vector();
  Columns columns(static_cast<std::size_t>(matrix.shape()[1]));
  for (std::size_t at = 0; at < values.size(); ++at)
    columns[at % columns.size()].push_back(values[at]);
  return columns;
}

Columns orthonormal(Columns columns) {
  for (std::size_t j = 0; j < columns.size(); ++j) {
    std::vector<double>& column = columns[j];
    for (int round = 0; round < 2; ++round) {
      for (std::size_t i = 0; i < j; ++i) {
        const double share = dot(columns[i], column);
        for (std::size_t n = 0; n < column.size(); ++n) column[n] -= share * columns[i][n];
      }
      const double length = std::sqrt(dot(column, column));
      for (double& value : column) value /= length;
    }
  }
  return columns;
}

double held_share(const Tensor& columns, const Tensor& truth) {
  const Columns directions = orthonormal(columns_of(truth));
  double shared = 0;
  for (const auto& direction : orthonormal(columns_of(columns)))
    for (const auto& true_direction : directions)
      shared += std::pow(dot(direction, true_direction), 2);
  return shared / static_cast<double>(directions.size());
}

Tensor projector(const Tensor& columns) {
  const Columns Q = orthonormal(columns_of(columns));
  const std::int64_t n = columns.shape()[0];
  const auto count = static_cast<std::size_t>(n);
  return Tensor::build<double>({n, n}, [&](std::span<double> P) {
    std::ranges::fill(P, 0);
    for (const auto& column : Q)
      for (std::size_t at = 0; at < P.size(); ++at)
        P[at] += column[at / count] * column[at % count];
  });
}

}  // namespace noether::bench
