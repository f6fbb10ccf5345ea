#include "bench/maps/matrix_charge.h"

#include <algorithm>
#include <cmath>

#include "learn/autodiff/ops.h"
#include "learn/autodiff/transforms.h"

namespace noether::bench {
namespace {

using learn::Params;
using learn::Tensor;

// W of every layer, or the slopes by it.
learn::Tensors matrices_of(const Params& maps, std::int64_t count) {
  learn::Tensors matrices;
  for (std::int64_t l = 0; l < count; ++l)
    matrices.push_back(reshape(map_of(maps, l)["W"], {2, 2}));
  return matrices;
}

double norm(const Tensor& matrix) { return std::sqrt(sum(square(matrix)).item()); }

}  // namespace

MatrixCharge matrix_charge_of(const MapScene& scene, const Params& maps, const Charges& charges) {
  const auto W = matrices_of(maps, scene.maps);
  const auto by_W = matrices_of(
      learn::grad([&](const Params& p) { return data_loss(scene, p); }, maps), scene.maps);
  learn::Tensors Q;
  for (std::size_t l = 0; l < charges.points.size(); ++l)
    Q.push_back(matmul(charges.cotangents[l], charges.points[l], true));
  double off = 0, most = 0, unbalanced = 0, product = 0;
  for (std::size_t l = 0; l < W.size(); ++l) {
    const Tensor from_left = matmul(W[l], by_W[l], true),
                 from_right = matmul(by_W[l], W[l], false, true),
                 outer = matmul(W[l], W[l], false, true);
    off = std::max({off, norm(Q[l] - from_left), norm(Q[l + 1] - from_right)});
    most = std::max(most, norm(Q[l]));
    product = std::max(product, norm(outer));
    if (l + 1 < W.size())
      unbalanced = std::max(unbalanced, norm(matmul(W[l + 1], W[l + 1], true) - outer));
  }
  return {.identity = off / most, .imbalance = unbalanced / product};
}

}  // namespace noether::bench
