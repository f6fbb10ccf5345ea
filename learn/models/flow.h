#pragma once

// A continuous normalising flow (Chen et al. 2018), a model of a density: dz/dt = f(t, z), f a
// network, carries a normal density at t = 0 to that of points at t = 1.

#include <cstdint>
#include <span>

#include "learn/models/model.h"
#include "learn/nn/mlp.h"
#include "learn/ode/solve.h"

namespace noether::learn {

// Of the first layer, the size of the weights of a hidden unit and of its bias. A network that
// begins with small ones is nearly linear over the data, and is slow to learn what is sharper.
enum class FirstLayer {
  sharp,  // of d + 1 inputs: weights of a norm of 5 sqrt(d + 1) in the mean, biases within 5
  plain   // as those of any other network here
};

// f(t, z) = mlp(z, t), with two hidden layers. Points in the units of the data are
// x = mean + spread z: "mean" and "spread" [1, d] are among the weights, 0 and 1 to begin with. No
// training changes them, for it sees z alone.
class Flow : public Model {
 public:
  static constexpr double base_variance = 0.1;  // of each z at t = 0

  // Throws UsageError where there are not two hidden layers of positive width.
  explicit Flow(const ModelOptions& options);

  std::int64_t dimension() const { return mlp_.widths.back(); }
  std::vector<std::int64_t> hidden() const { return {mlp_.widths[1], mlp_.widths[2]}; }
  std::string_view kind() const override;
  Configuration configuration() const override;
  std::string text() const override;  // "cnf 3-64-64-2"

  Params init(std::uint64_t seed, DType dtype) const override;  // with a sharp first layer
  Params init(FirstLayer first, std::uint64_t seed, DType dtype) const;

  // f [n, d] of (z, t) [n, d + 1]
  Tensor rate(const Params& params, const Tensor& z_and_t) const { return mlp_(params, z_and_t); }
  Dynamics field() const;
  // With dl/dt = -tr(df/dz) beside it: state (z [n, d], l [n, 1]). The trace of two hidden layers
  // is exact, by one more product, not by d passes of differentiation.
  Dynamics with_log_density() const;

  // log p [n, 1] of points z [n, d] at t = 1, and of points x: they are carried back to t = 0.
  Tensor log_density_of_z(const Params& params, const Tensor& z, const OdeSolver& solver) const;
  Tensor log_density(const Params& params, const Tensor& x, const OdeSolver& solver) const;

  // Points z [n, d] at t = 0, carried to each of the times, which grow from 0; there as points x.
  Tensors carried(const Params& params, const Tensor& z, std::span<const double> times,
                  const OdeSolver& solver) const;

 private:
  Mlp mlp_;
};

// "cnf"
ModelKind flow_kind();

}  // namespace noether::learn
