#include "learn/discovery/offsets.h"

#include <cmath>

#include "learn/discovery/gradient_columns.h"
#include "learn/discovery/matrix.h"
#include "learn/discovery/natural_size.h"

namespace noether::learn::symbolic {
namespace {

// The rates of change grad f . v, over their size when shuffled, and their derivatives by the
// state, the Hessian times v, by central differences along v.
struct LawRates {
  Vector rate;
  Matrix by_state;  // a row a point
};

LawRates law_rates(const Expression& law, const Trajectories& data) {
  const Matrix v = to_matrix(data.dx_dt);
  const Matrix gradient = to_matrix(gradient_columns(law, data.x).gradient);
  const auto along = [&](double step) {
    std::vector<std::vector<double>> x = data.x;
    for (std::size_t d = 0; d < x.size(); ++d) {
      for (std::size_t i = 0; i < x[d].size(); ++i) x[d][i] += step * data.dx_dt[d][i];
    }
    return to_matrix(gradient_columns(law, x).gradient);
  };
  const Matrix x = to_matrix(data.x);
  const double square_time = (x.rowwise() - x.colwise().mean()).squaredNorm() / v.squaredNorm();
  const double step = 1e-5 * natural_size(std::sqrt(square_time));
  const Matrix C = transposed_product(v, v) / static_cast<double>(v.rows());
  const double square = product(gradient, C).cwiseProduct(gradient).sum();
  const double size = square > 0 ? std::sqrt(square / static_cast<double>(v.rows())) : 1;
  return {gradient.cwiseProduct(v).rowwise().sum() / size,
          (along(step) - along(-step)) / (2 * step * size)};
}

}  // namespace

Trajectories without_constant_offsets(Trajectories data) {
  Matrix x = to_matrix(data.x);
  const Matrix v = to_matrix(data.dx_dt);
  const Eigen::RowVectorXd mean = x.colwise().mean();
  const SymmetricEigen motion = symmetric_eigen(transposed_product(v, v));
  const Vector& rates = motion.values;
  Index still = 0;
  while (still < rates.size() && rates[still] < 1e-13 * rates.maxCoeff()) ++still;
  if (still == 0) return data;
  // the directions in which nothing moves, and how the trajectories differ in them
  const Matrix directions = motion.vectors.leftCols(still);
  const Matrix part = product(x.rowwise() - mean, directions);
  const SymmetricEigen spread =
      symmetric_eigen(transposed_product(part, part) / static_cast<double>(x.rows()));
  // four standard deviations of a variance of so many offsets
  const double most =
      data.offset_variance * (1 + 4 * std::sqrt(2 / static_cast<double>(data.count)));
  for (Index i = 0; i < still; ++i) {
    if (spread.values[i] > most) continue;
    const Vector direction = product(directions, Vector(spread.vectors.col(i)));
    // 0 where that may be the number, which the mean of the offsets then leaves
    const double number = mean.dot(direction);
    const double error = std::sqrt(data.offset_variance / static_cast<double>(data.count));
    const double kept = std::abs(number) > 4 * error ? number : 0;
    const Vector excess = product(x, direction).array() - kept;
    x -= excess * direction.transpose();
  }
  for (std::size_t d = 0; d < data.x.size(); ++d) {
    const Vector column = x.col(static_cast<Index>(d));
    data.x[d].assign(column.begin(), column.end());
  }
  return data;
}

Trajectories with_laws_kept(const Trajectories& given, Trajectories moved,
                            std::span<const Expression> laws, double resolution) {
  const auto dimension = static_cast<Index>(given.x.size());
  const std::vector<std::int64_t> starts = given.starts();
  for (int iteration = 0; iteration < 3; ++iteration) {
    std::vector<LawRates> rates;
    for (const Expression& law : laws) rates.push_back(law_rates(law, moved));
    for (Index k = 0; k < given.count; ++k) {
      const Index first = starts[static_cast<std::size_t>(k)];
      const Index length = starts[static_cast<std::size_t>(k) + 1] - first;
      Matrix normal = Matrix::Identity(dimension, dimension) / given.offset_variance;
      Vector right(dimension);
      for (Index d = 0; d < dimension; ++d) {
        const auto at = static_cast<std::size_t>(first);
        const auto column = static_cast<std::size_t>(d);
        right[d] = -(moved.x[column][at] - given.x[column][at]) / given.offset_variance;
      }
      for (const LawRates& law : rates) {
        const Matrix jacobian = law.by_state.middleRows(first, length) / resolution;
        const Vector rest = law.rate.segment(first, length) / resolution;
        normal += transposed_product(jacobian, jacobian);
        right -= transposed_product(jacobian, rest);
      }
      const Vector step = SymmetricSolver(normal).solve(right);
      for (Index d = 0; d < dimension; ++d) {
        for (Index i = first; i < first + length; ++i) {
          moved.x[static_cast<std::size_t>(d)][static_cast<std::size_t>(i)] += step[d];
        }
      }
    }
  }
  return moved;
}

}  // namespace noether::learn::symbolic
