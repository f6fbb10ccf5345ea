#include "learn/discovery/matrix.h"

#include <Eigen/QR>
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

Matrix triangle(const Matrix& matrix) {
  const Eigen::HouseholderQR<Matrix> qr(matrix);
  const Index rows = std::min(matrix.rows(), matrix.cols());
  return qr.matrixQR().topRows(rows).triangularView<Eigen::Upper>();
}

}  // namespace noether::learn::symbolic
