#include "bench/flow/flow_points.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/interrupt.h"
#include "base/random.h"
#include "learn/autodiff/ops.h"

namespace noether::bench {

using learn::Flow;
using learn::Params;
using learn::Tensor;
using learn::Tensors;

namespace {

constexpr std::int64_t piece = 1000;

Tensor base_points(const Flow& flow, std::uint64_t seed, std::int64_t index) {
  base::RandomStream random(seed, base::Purpose::initial_state, static_cast<std::uint64_t>(index));
  return Tensor::build<double>({piece, flow.dimension()}, [&](std::span<double> values) {
    for (double& value : values) value = std::sqrt(Flow::base_variance) * random.normal();
  });
}

}  // namespace

Tensor log_density(const Flow& flow, const Params& params, const Tensor& x,
                   const learn::OdeSolver& solver) {
  const Params exact = cast(params, learn::DType::f64);
  const std::int64_t count = x.shape()[0];
  Tensors pieces;
  for (std::int64_t begin = 0; begin < count; begin += piece) {
    base::check_interrupt();
    const Tensor some = slice(x, 0, begin, std::min(begin + piece, count));
    pieces.push_back(flow.log_density(exact, some, solver));
  }
  return concat(pieces, 0);
}

Tensor samples(const Flow& flow, const Params& params, std::int64_t n, std::uint64_t seed,
               const learn::OdeSolver& solver) {
  constexpr double both[] = {0, 1};
  const Params exact = cast(params, learn::DType::f64);
  Tensors pieces;
  // the steps of a piece depend on all of its points, so the last one is whole too, and cut
  for (std::int64_t i = 0; i * piece < n; ++i) {
    base::check_interrupt();
    pieces.push_back(flow.carried(exact, base_points(flow, seed, i), both, solver).back());
  }
  return slice(concat(pieces, 0), 0, 0, n);
}

}  // namespace noether::bench
