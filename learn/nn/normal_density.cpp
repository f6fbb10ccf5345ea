#include "learn/nn/normal_density.h"

#include <Eigen/Eigenvalues>
#include <cmath>
#include <limits>
#include <numbers>

namespace noether::learn {
namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

Eigen::Map<const Matrix> matrix_of(const Tensor& x) {
  return {x.data<double>().data(), x.shape()[0], x.shape()[1]};
}

}  // namespace

double nats_of_normal(const Tensor& known, const Tensor& points) {
  const auto of = matrix_of(known), at = matrix_of(points);
  const Eigen::RowVectorXd mean = of.colwise().mean();
  // in standard deviations, so that no unit hides a variance
  const Matrix centered = of.rowwise() - mean;
  const auto n = static_cast<double>(of.rows());
  const Eigen::RowVectorXd spread = (centered.colwise().squaredNorm() / n).cwiseSqrt();
  const Matrix z = centered.array().rowwise() / spread.array();
  const Eigen::SelfAdjointEigenSolver<Matrix> axes(Matrix(z.transpose() * z / n));
  const double rounding = 1e-14 * static_cast<double>(of.cols()) * axes.eigenvalues().maxCoeff();
  if (!(axes.eigenvalues().minCoeff() > rounding)) return std::numeric_limits<double>::infinity();
  const Matrix scaled = (at.rowwise() - mean).array().rowwise() / spread.array();
  const Matrix along = scaled * axes.eigenvectors();
  double nats = spread.array().log().sum();
  for (Eigen::Index k = 0; k < along.cols(); ++k) {
    const double variance = axes.eigenvalues()[k];
    nats += 0.5 * (along.col(k).squaredNorm() / (static_cast<double>(along.rows()) * variance) +
                   std::log(2 * std::numbers::pi * variance));
  }
  return nats;
}

}  // namespace noether::learn
