#pragma once

// Densities on an even grid of the square [-reach, reach]^2.

#include <cstdint>

#include "learn/tensor/tensor.h"

namespace noether::bench {

// `side` x `side` cells, the lowest line first. Sums over their middles are integrals: of what is
// as smooth as the noise of the circles, to rounding once a cell is no longer than that noise.
struct PlaneGrid {
  std::int64_t side = 120;
  double reach = 2;

  learn::Tensor middles() const;  // [side^2, 2]
  double integral(const learn::Tensor& values) const;
};

// What a flow is worth, against the true density p of the circles.
struct FlowQuality {
  double nats = 0;  // - integral p log q
  double mass = 0;  // integral q
};
FlowQuality quality_of(const learn::Tensor& log_density, const PlaneGrid& grid);

// - integral p log p, the least that any flow can have: .7876.
double circles_entropy(const PlaneGrid& grid);

}  // namespace noether::bench
