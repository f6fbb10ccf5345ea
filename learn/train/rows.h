#pragma once

// Losses that are sums over rows, computed a few hundred rows at a time.

#include <algorithm>
#include <functional>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "base/workers.h"
#include "learn/autodiff/ops.h"
#include "learn/models/field.h"
#include "learn/train/trainer.h"

namespace noether::learn {

// How a sum over rows is cut and who computes it. Bits depend on `rows` alone.
struct Pieces {
  std::int64_t rows = 375;  // of a piece, at most
  int jobs = 1;             // threads, 0: one per processor; they stay as long as the loss does
  // those of another loss, in place of threads of its own; they must not be busy then
  std::shared_ptr<base::Workers> workers = nullptr;
};

// Piece i of n rows is [cuts[i], cuts[i + 1]): as few pieces as `rows` allows, as even as can be,
// and where there are several an even number, so that two threads end together. Throws ShapeError
// unless there is a row and pieces have one.
std::vector<std::int64_t> cuts_of(std::int64_t n, const Pieces& pieces);
std::vector<std::int64_t> cuts_of(const Tensor& x, const Pieces& pieces);
// The number of threads, at most that of pieces.
int threads_for(const Pieces& pieces, std::size_t count);

// The mean of (field(x) - y)^2 over all values of x [n, d] and its gradient, summed over pieces of
// some rows: the same mathematics as all at once, but what is computed stays in the cache. With
// jobs, several threads call the field at a time, and it is not itself differentiated.
LossAndGradient field_loss_over_rows(const Field& field, const Tensor& x, const Tensor& y,
                                     const Pieces& pieces = {});

// The sum of piece(i) for 0 <= i < count, each a ValueAndGrad of the form of `like`: as many at a
// time as there are threads, added in the order of i.
template <Tree X, class Piece>
ValueAndGrad<X> sum_of_pieces(const X& like, std::size_t count, base::Workers& workers,
                              const Piece& piece) {
  Tensor value;
  Tensors total(leaves(like).size());
  for (std::size_t begin = 0; begin < count;) {
    const std::size_t now = std::min(count - begin, static_cast<std::size_t>(workers.threads()));
    std::vector<std::pair<Tensor, Tensors>> made(now);
    workers.run(std::ssize(made), [&](std::int64_t i) {
      const auto k = static_cast<std::size_t>(i);
      const auto [part_value, gradient] = piece(begin + k);
      made[k] = {part_value, leaves(gradient)};
    });
    for (auto& [part_value, gradient] : made) {
      value = accumulate(std::move(value), std::move(part_value));
      for (std::size_t i = 0; i < total.size(); ++i) {
        total[i] = accumulate(std::move(total[i]), std::move(gradient[i]));
      }
    }
    begin += now;
  }
  return {value, with_leaves(like, total)};
}

// The same for any loss that is a sum over rows, times `factor`. `X` is a Tree: Params, or a pair.
template <Tree X>
std::function<ValueAndGrad<X>(const X&)> sum_over_rows(
    std::function<Tensor(const X&, const Tensor& x, const Tensor& y)> loss, const Tensor& x,
    const Tensor& y, double factor, const Pieces& pieces = {}) {
  std::vector<std::pair<Tensor, Tensor>> parts;
  const std::vector<std::int64_t> cuts = cuts_of(x, pieces);
  for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
    parts.emplace_back(slice(x, 0, cuts[i], cuts[i + 1]), slice(y, 0, cuts[i], cuts[i + 1]));
  }
  const auto workers = pieces.workers
                           ? pieces.workers
                           : std::make_shared<base::Workers>(threads_for(pieces, parts.size()));
  return [=](const X& at) {
    return sum_of_pieces(at, parts.size(), *workers, [&](std::size_t i) {
      const auto& part = parts[i];
      return value_and_grad(
          [&](const X& p) { return scale(loss(p, part.first, part.second), factor); }, at);
    });
  };
}

}  // namespace noether::learn
