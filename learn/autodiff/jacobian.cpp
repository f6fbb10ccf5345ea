#include "learn/autodiff/jacobian.h"

#include <vector>

#include "learn/autodiff/ops.h"
#include "learn/autodiff/transforms.h"

namespace noether::learn {

Tensor jacobian(const std::function<Tensor(const Tensor&)>& f, const Tensor& x) {
  const auto [value, pullback] = vjp(f, x);
  std::vector<std::int64_t> extents(value.shape().extents().begin(), value.shape().extents().end());
  extents.insert(extents.end(), x.shape().extents().begin(), x.shape().extents().end());
  Tensors rows;
  for (std::int64_t i = 0; i < value.size(); ++i) {
    const Tensor one = Tensor::full({1}, 1, x.dtype());
    const Tensor unit = reshape(pad(one, 0, i, value.size() - i - 1), value.shape());
    rows.push_back(reshape(pullback(unit), {1, x.size()}));
  }
  return reshape(concat(rows, 0), Shape(extents));
}

}  // namespace noether::learn
