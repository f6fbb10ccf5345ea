#pragma once

// Linear algebra on columns of numbers: the decompositions and products of Eigen that several files
// here need, compiled once in matrix.cpp instead of in each of them.

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <vector>

namespace noether::learn::symbolic {

using Eigen::Index;
using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;

// n numbers in each of k columns, [n, k]; none is [0, 0].
Matrix to_matrix(const std::vector<std::vector<double>>& columns);

// A B, and A b.
Matrix product(const Matrix& A, const Matrix& B);
Vector product(const Matrix& A, const Vector& b);

// A^T B, and A^T b.
Matrix transposed_product(const Matrix& A, const Matrix& B);
Vector transposed_product(const Matrix& A, const Vector& b);

// R of the QR factorisation: as many rows as columns, or fewer where there are not enough.
Matrix triangle(const Matrix& matrix);

// Orthonormal columns that span those of A [n, k], n >= k: [n, k].
Matrix orthonormal(const Matrix& A);

// Orthonormal columns orthogonal to all columns of A [n, k], which are independent: [n, n - k].
Matrix complement(const Matrix& A);

// R^-1 B, R^-1 b and B R^-1, R upper triangular.
Matrix solved(const Matrix& R, const Matrix& B);
Vector solved(const Matrix& R, const Vector& b);
Matrix solved_on_the_right(const Matrix& R, const Matrix& B);

// A = V diag(values) V^T, A symmetric; the least value first.
struct SymmetricEigen {
  Vector values;
  Matrix vectors;
};
SymmetricEigen symmetric_eigen(const Matrix& A);

// The singular values of A [n, k], the largest first, and V of A = U diag(values) V^T, [k, k].
struct RightSingular {
  Vector values;
  Matrix vectors;
};
RightSingular right_singular(const Matrix& A);

// The same where A has many more rows than columns.
RightSingular right_singular_of_tall(const Matrix& A);

// The least singular value of A [n, n] but for so many, up to the rounding of the largest; many
// times faster than right_singular.
double small_singular_value(const Matrix& A, Index skipped);

// How many directions of x the least squares |A x - b|^2 + ridge |x|^2 determine: tr H with
// H = A^T A (A^T A + ridge)^-1.
double effective_rank(const Matrix& A, double ridge);

// A symmetric matrix, factorised once for several right sides.
class SymmetricSolver {
 public:
  explicit SymmetricSolver(const Matrix& A);
  Matrix solve(const Matrix& B) const;
  Vector solve(const Vector& b) const;

 private:
  Eigen::LDLT<Matrix> factors_;
};

}  // namespace noether::learn::symbolic
