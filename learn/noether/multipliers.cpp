#include "learn/noether/multipliers.h"

#include "learn/autodiff/ops.h"

namespace noether::learn {

Tensor unit_seed(const Tensor& residuals, std::int64_t j) {
  const std::int64_t n = residuals.shape()[0], m = residuals.shape()[1];
  return pad(Tensor::full({n, 1}, 1, residuals.dtype()), 1, j, m - 1 - j);
}

Tensor multipliers(const std::vector<Tensors>& gram, const Tensor& residuals, double epsilon) {
  const std::size_t m = gram.size();
  std::vector<Tensors> A = gram;
  Tensors x;
  for (std::size_t i = 0; i < m; ++i) {
    A[i][i] = shift(scale(A[i][i], 1 + epsilon), epsilon);
    x.push_back(column(residuals, static_cast<std::int64_t>(i)));
  }
  // A = L D L': the lower triangle becomes D and, below it, L
  for (std::size_t j = 0; j < m; ++j) {
    Tensors below(m);
    for (std::size_t i = j + 1; i < m; ++i) {
      below[i] = A[i][j] / A[j][j];
      x[i] = x[i] - below[i] * x[j];
      for (std::size_t k = j + 1; k <= i; ++k) A[i][k] = A[i][k] - below[i] * A[k][j];
    }
    for (std::size_t i = j + 1; i < m; ++i) A[i][j] = below[i];
  }
  for (std::size_t j = m; j-- > 0;) {
    x[j] = x[j] / A[j][j];
    for (std::size_t i = j + 1; i < m; ++i) x[j] = x[j] - A[i][j] * x[i];
  }
  return concat(x, 1);
}

Tensor combination(const Tensors& v, const Tensor& lambda) {
  Tensor sum = scale_rows(v[0], column(lambda, 0));
  for (std::size_t j = 1; j < v.size(); ++j)
    sum = sum + scale_rows(v[j], column(lambda, static_cast<std::int64_t>(j)));
  return sum;
}

}  // namespace noether::learn
