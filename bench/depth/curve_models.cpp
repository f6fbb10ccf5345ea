#include "bench/depth/curve_models.h"

#include <fmt/format.h>

#include "learn/autodiff/ops.h"
#include "learn/autodiff/transforms.h"
#include "learn/nn/mlp.h"
#include "learn/ode/solve.h"

namespace noether::bench {
namespace {

using learn::Mlp;
using learn::Params;
using learn::Tensor;
using learn::Tensors;

constexpr int blocks = 4;
// of a block, and of all blocks in one
const Mlp narrow{.widths = {2, 8, 2}, .output_bias = true};
const Mlp wide{.widths = {2, 33, 2}, .output_bias = true};
const Mlp last{.widths = {2, 1}, .output_bias = true};

std::string block_name(int k) { return fmt::format("g{}.", k); }
const std::string last_name = "last.";

void add_weights(Params& all, const std::string& prefix, const Params& own) {
  for (const auto& [name, value] : own) all.add(prefix + name, value);
}

Params weights_of(const Params& all, const std::string& prefix) {
  Params own;
  for (const auto& [name, value] : all) {
    if (name.starts_with(prefix)) own.add(name.substr(prefix.size()), value);
  }
  return own;
}

// The weights of so many networks g, and of the last layer.
auto starts_of(const Mlp& g, int count) {
  return [g, count](std::uint64_t seed) {
    Params all;
    for (int k = 0; k < count; ++k) {
      // seeds that no other seed of a table has; the first block shares its own with the last layer
      const std::uint64_t own = seed + (static_cast<std::uint64_t>(k) << 32);
      add_weights(all, block_name(k), initial_weights(g, own, learn::DType::f64));
    }
    add_weights(all, last_name, initial_weights(last, seed, learn::DType::f64));
    return all;
  };
}

Tensor lifted(const Tensor& x) { return pad(x, 1, 0, 1); }

Tensor read_out(const Params& params, const Tensor& h) {
  return last(weights_of(params, last_name), h);
}

CurveModel resnet() {
  return {.name = "resnet",
          .description = "h + g_k(h), four blocks",
          .start = starts_of(narrow, blocks),
          .predict = [](const Params& params, const Tensor& x) {
            Tensor h = lifted(x);
            for (int k = 0; k < blocks; ++k) h = h + narrow(weights_of(params, block_name(k)), h);
            return read_out(params, h);
          }};
}

CurveModel shared_resnet() {
  return {.name = "resnet-shared",
          .description = "h + g(h) / 4, four times the same block",
          .start = starts_of(wide, 1),
          .predict = [](const Params& params, const Tensor& x) {
            const Params own = weights_of(params, block_name(0));
            Tensor h = lifted(x);
            for (int k = 0; k < blocks; ++k) h = h + scale(wide(own, h), 1.0 / blocks);
            return read_out(params, h);
          }};
}

CurveModel neural_ode() {
  return {.name = "neural-ode",
          .description = "the solution of dh/dt = g(h)",
          .start = starts_of(wide, 1),
          .predict = [](const Params& params, const Tensor& x) {
            const learn::Dynamics rate =
                learn::dynamics_of([](const Params& p, const Tensor& h) { return wide(p, h); });
            const learn::OdeSolver solver{.relative_tolerance = 1e-4, .absolute_tolerance = 1e-4};
            return read_out(params, solve_to(rate, weights_of(params, block_name(0)), {lifted(x)},
                                             0, 1, solver)[0]);
          }};
}

}  // namespace

std::vector<CurveModel> curve_models() { return {resnet(), shared_resnet(), neural_ode()}; }

Tensor bend_of(const CurveModel& model, const Params& params, const Tensor& x) {
  const Tensor ones = learn::ones_like(x);
  const auto slope = [&](const Tensor& at) {
    return learn::jvp([&](const Tensor& place) { return model.predict(params, place); }, at, ones)
        .tangent;
  };
  return learn::jvp(slope, x, ones).tangent;
}

}  // namespace noether::bench
