#pragma once

// Full-batch losses, computed a few hundred rows at a time.

#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

#include "learn/autodiff/ops.h"
#include "learn/models/field.h"
#include "learn/train/trainer.h"

namespace noether::learn {

// Throws ShapeError unless x has a row and pieces have one.
void check_pieces(const Tensor& x, std::int64_t rows);

// The mean of (field(x) - y)^2 over all values of x [n, d] and its gradient, summed over pieces of
// `rows` rows: the same mathematics as all at once, but what is computed stays in the cache.
LossAndGradient field_loss_over_rows(const Field& field, const Tensor& x, const Tensor& y,
                                     std::int64_t rows = 375);

// The same for any loss that is a sum over rows, times `factor`. `X` is a Tree: Params, or a pair.
template <Tree X>
std::function<ValueAndGrad<X>(const X&)> sum_over_rows(
    std::function<Tensor(const X&, const Tensor& x, const Tensor& y)> loss, const Tensor& x,
    const Tensor& y, double factor, std::int64_t rows = 375) {
  check_pieces(x, rows);
  std::vector<std::pair<Tensor, Tensor>> pieces;
  for (std::int64_t begin = 0; begin < x.shape()[0]; begin += rows) {
    const std::int64_t end = std::min(begin + rows, x.shape()[0]);
    pieces.emplace_back(slice(x, 0, begin, end), slice(y, 0, begin, end));
  }
  return [=](const X& at) {
    Tensor value;
    Tensors total;
    for (const auto& [px, py] : pieces) {
      const auto piece = value_and_grad(
          [&, &px = px, &py = py](const X& p) { return scale(loss(p, px, py), factor); }, at);
      const Tensors gradient = leaves(piece.grad);
      value = accumulate(std::move(value), piece.value);
      total.resize(gradient.size());
      for (std::size_t i = 0; i < total.size(); ++i) {
        total[i] = accumulate(std::move(total[i]), gradient[i]);
      }
    }
    return ValueAndGrad<X>{value, with_leaves(at, total)};
  };
}

}  // namespace noether::learn
