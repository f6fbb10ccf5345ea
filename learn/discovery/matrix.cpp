#include "learn/discovery/matrix.h"

#include <Eigen/Eigenvalues>
#include <Eigen/QR>
#include <Eigen/SVD>
#include <algorithm>

namespace noether::learn::symbolic {

Matrix to_matrix(const std::vector<std::vector<double>>& columns) {
  Matrix result(columns.empty() ? 0 : static_cast<Index>(columns.front().size()),
                static_cast<Index>(columns.size()));
  for (Index j = 0; j < result.cols(); ++j) {
    result.col(j) =
        Eigen::Map<const Vector>(columns[static_cast<std::size_t>(j)].data(), result.rows());
  }
  return result;
}

Matrix product(const Matrix& A, const Matrix& B) { return A * B; }

Vector product(const Matrix& A, const Vector& b) { return A * b; }

Matrix transposed_product(const Matrix& A, const Matrix& B) { return A.transpose() * B; }

Vector transposed_product(const Matrix& A, const Vector& b) { return A.transpose() * b; }

Matrix triangle(const Matrix& matrix) {
  const Eigen::HouseholderQR<Matrix> qr(matrix);
  const Index rows = std::min(matrix.rows(), matrix.cols());
  return qr.matrixQR().topRows(rows).triangularView<Eigen::Upper>();
}

Matrix orthonormal(const Matrix& A) {
  return Eigen::HouseholderQR<Matrix>(A).householderQ() * Matrix::Identity(A.rows(), A.cols());
}

Matrix complement(const Matrix& A) {
  return Matrix(Eigen::HouseholderQR<Matrix>(A).householderQ()).rightCols(A.rows() - A.cols());
}

Matrix solved(const Matrix& R, const Matrix& B) {
  return R.triangularView<Eigen::Upper>().solve(B);
}

Vector solved(const Matrix& R, const Vector& b) {
  return R.triangularView<Eigen::Upper>().solve(b);
}

Matrix solved_on_the_right(const Matrix& R, const Matrix& B) {
  return R.triangularView<Eigen::Upper>().solve<Eigen::OnTheRight>(B);
}

SymmetricEigen symmetric_eigen(const Matrix& A) {
  const Eigen::SelfAdjointEigenSolver<Matrix> eigen(A);
  return {eigen.eigenvalues(), eigen.eigenvectors()};
}

RightSingular right_singular(const Matrix& A) {
  const Eigen::JacobiSVD<Matrix> svd(A, Eigen::ComputeFullV);
  return {svd.singularValues(), svd.matrixV()};
}

RightSingular right_singular_of_tall(const Matrix& A) {
  const Eigen::JacobiSVD<Matrix, Eigen::HouseholderQRPreconditioner> svd(A, Eigen::ComputeThinV);
  return {svd.singularValues(), svd.matrixV()};
}

double small_singular_value(const Matrix& A, Index skipped) {
  // the eigenvalues of [0 A; A^T 0] are the singular values of A, with both signs
  const Index n = A.rows();
  Matrix both = Matrix::Zero(2 * n, 2 * n);
  both.topRightCorner(n, n) = A;
  both.bottomLeftCorner(n, n) = A.transpose();
  const Eigen::SelfAdjointEigenSolver<Matrix> eigen(both, Eigen::EigenvaluesOnly);
  Vector sizes = eigen.eigenvalues().cwiseAbs();
  std::ranges::sort(sizes);
  return sizes[2 * skipped];
}

double effective_rank(const Matrix& A, double ridge) {
  double sum = 0;
  for (const double value : symmetric_eigen(transposed_product(A, A)).values)
    sum += std::max(value, 0.0) / (std::max(value, 0.0) + ridge);
  return sum;
}

SymmetricSolver::SymmetricSolver(const Matrix& A) : factors_(A) {}
Matrix SymmetricSolver::solve(const Matrix& B) const { return factors_.solve(B); }
Vector SymmetricSolver::solve(const Vector& b) const { return factors_.solve(b); }

}  // namespace noether::learn::symbolic
