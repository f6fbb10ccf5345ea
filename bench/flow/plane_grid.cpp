#include "bench/flow/plane_grid.h"

#include "bench/flow/circles.h"
#include "learn/autodiff/ops.h"

namespace noether::bench {

using learn::Tensor;

Tensor PlaneGrid::middles() const {
  return Tensor::build<double>({side * side, 2}, [&](std::span<double> values) {
    const auto middle = [&](std::int64_t cell) {
      return reach * (2 * (static_cast<double>(cell) + 0.5) / static_cast<double>(side) - 1);
    };
    for (std::int64_t cell = 0; cell < side * side; ++cell) {
      values[static_cast<std::size_t>(2 * cell)] = middle(cell % side);
      values[static_cast<std::size_t>(2 * cell + 1)] = middle(cell / side);
    }
  });
}

double PlaneGrid::integral(const Tensor& values) const {
  const double width = 2 * reach / static_cast<double>(side);
  return width * width * sum(values).item();
}

FlowQuality quality_of(const Tensor& log_density, const PlaneGrid& grid) {
  const Tensor truth = circles_density(grid.middles());
  return {.nats = -grid.integral(truth * log_density), .mass = grid.integral(exp(log_density))};
}

double circles_entropy(const PlaneGrid& grid) {
  const Tensor truth = circles_density(grid.middles());
  constexpr double least = 1e-300;  // p log p is 0 where p is
  return -grid.integral(truth * log(shift(truth, least)));
}

}  // namespace noether::bench
