#include "learn/nn/normal_density.h"

#include <Eigen/Eigenvalues>
#include <cmath>
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
  const Matrix centered = of.rowwise() - mean;
  const Matrix covariance = centered.transpose() * centered / static_cast<double>(of.rows());
  const Eigen::SelfAdjointEigenSolver<Matrix> axes(covariance);
  const Matrix along = (at.rowwise() - mean) * axes.eigenvectors();
  double nats = 0;
  for (Eigen::Index k = 0; k < along.cols(); ++k) {
    const double variance = axes.eigenvalues()[k];
    nats += 0.5 * (along.col(k).squaredNorm() / (static_cast<double>(along.rows()) * variance) +
                   std::log(2 * std::numbers::pi * variance));
  }
  return nats;
}

}  // namespace noether::learn
