#include "learn/discovery/change.h"

#include <cmath>
#include <limits>

#include "learn/discovery/gradient_columns.h"
#include "learn/discovery/matrix.h"
#include "learn/discovery/points.h"

namespace noether::learn::symbolic {

Change change_along(const Expression& formula, const Trajectories& data,
                    std::span<const double> offsets, const OffsetSize& size) {
  const auto at = gradient_columns(formula, with_offsets_added(data, offsets).x);
  // a copy, whose place in memory is aligned: sums have the same bits in every run
  const Vector value = Eigen::Map<const Vector>(at.value.data(), std::ssize(at.value));
  const Matrix gradient = to_matrix(at.gradient);
  const std::vector<std::int64_t> starts = data.starts();
  Vector means(data.count);
  double seen = 0, moved = 0;
  for (Index k = 0; k < data.count; ++k) {
    const Index first = starts[static_cast<std::size_t>(k)];
    const Index length = starts[static_cast<std::size_t>(k) + 1] - first;
    const auto own = value.segment(first, length);
    means[k] = own.mean();
    seen += std::pow(own.maxCoeff() - own.minCoeff(), 2);
    // offsets in several coordinates are independent, so squares add
    const Matrix slopes = gradient.middleRows(first, length);
    moved += (slopes.colwise().maxCoeff() - slopes.colwise().minCoeff()).squaredNorm();
  }
  const auto n = static_cast<double>(data.count);
  const double between = (means.array() - means.mean()).matrix().squaredNorm();
  if (!(between > 0)) {
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    return {nan, nan};
  }
  const double spread = std::sqrt(between / (n - 1));
  return {std::sqrt(seen / n) / spread,
          hidden_deviations(size) * std::sqrt(data.offset_variance * moved / n) / spread};
}

bool has_one_value(const Expression& formula, const Trajectories& data) {
  if (data.count < 2) return false;
  const auto at = gradient_columns(formula, data.x);
  const Eigen::Map<const Vector> value(at.value.data(), std::ssize(at.value));
  const Matrix gradient = to_matrix(at.gradient), x = to_matrix(data.x);
  const auto points = static_cast<double>(data.points()), n = static_cast<double>(data.count);
  if (data.offset_variance == 0) {
    // what its slopes let us expect
    const Matrix centred = x.rowwise() - x.colwise().mean();
    const Vector variance = centred.colwise().squaredNorm().transpose() / points;
    const double expected = (gradient.array().square().matrix() * variance).sum();
    return (value.array() - value.mean()).matrix().squaredNorm() <= 1e-14 * expected;
  }
  Vector means(data.count);
  const auto starts = data.starts();
  for (Index k = 0; k < data.count; ++k) {
    const auto first = starts[static_cast<std::size_t>(k)];
    means[k] = value.segment(first, starts[static_cast<std::size_t>(k) + 1] - first).mean();
  }
  const double between = (means.array() - means.mean()).square().sum() / n;
  // four standard deviations of a variance of so many offsets
  const double most = data.offset_variance * gradient.squaredNorm() / points;
  return between <= most * (1 + 4 * std::sqrt(2 / n));
}

}  // namespace noether::learn::symbolic
