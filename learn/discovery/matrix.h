#pragma once

// Columns of numbers as matrices, and what several files of linear algebra here have in common.

#include <Eigen/Core>
#include <vector>

namespace noether::learn::symbolic {

using Eigen::Index;
using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;

// n numbers in each of k columns, [n, k]; none is [0, 0].
Matrix to_matrix(const std::vector<std::vector<double>>& columns);

// R of the QR factorisation: as many rows as columns, or fewer where there are not enough.
Matrix triangle(const Matrix& matrix);

}  // namespace noether::learn::symbolic
