#include "bench/depth/depth_models.h"

#include <atomic>
#include <memory>

#include "learn/autodiff/ops.h"

namespace noether::bench {
namespace {

using learn::Mlp;
using learn::Params;
using learn::Tensor;
using learn::Tensors;
using Spans = std::vector<double>;

Tensor column_of(const Spans& spans) {
  return Tensor::from<double>(spans, {static_cast<std::int64_t>(spans.size()), 1});
}

enum class Time { unknown, input, scale };

DepthModel residual(std::string name, std::string description, Time time) {
  DepthModel model{.name = std::move(name),
                   .description = std::move(description),
                   .mlp = {.widths = {2, 32, 2}, .output_bias = true},
                   .evaluations = std::make_shared<std::atomic<std::int64_t>>(0)};
  if (time != Time::unknown) model.mlp.widths = {3, 27, 2};
  model.advance = [mlp = model.mlp, time, count = model.evaluations](
                      const Params& params, const Tensor& x, const Spans& spans) {
    ++*count;
    const Tensor dt = column_of(spans);
    const Tensor change = mlp(params, time == Time::unknown ? x : concat(Tensors{x, dt}, 1));
    return x + (time == Time::scale ? scale_rows(change, dt) : change);
  };
  model.follow = [advance = model.advance](const Params& params, const Tensor& x,
                                           const std::vector<double>& times) {
    Tensors states{x};
    for (std::size_t n = 1; n < times.size(); ++n)
      states.push_back(advance(params, states.back(), {times[n] - times[n - 1]}));
    return states;
  };
  return model;
}

DepthModel ode(std::string name, std::string description, learn::OdeGradient gradient) {
  DepthModel model{.name = std::move(name),
                   .description = std::move(description),
                   .mlp = {.widths = {2, 32, 2}, .output_bias = true},
                   .evaluations = std::make_shared<std::atomic<std::int64_t>>(0)};
  const learn::OdeSolver solver{
      .relative_tolerance = 1e-4, .absolute_tolerance = 1e-4, .gradient = gradient};
  const auto& count = model.evaluations;
  // every row in a time of its own, from 0 to 1
  model.advance = [mlp = model.mlp, solver, count](const Params& params, const Tensor& x,
                                                   const Spans& spans) {
    const learn::Dynamics rate = [mlp, dt = column_of(spans)](const Params& p, double,
                                                              const Tensors& h) {
      return Tensors{scale_rows(mlp(p, h[0]), dt)};
    };
    return solve_to(counted(rate, count), params, {x}, 0, 1, solver)[0];
  };
  model.follow = [mlp = model.mlp, solver, count](const Params& params, const Tensor& x,
                                                  const std::vector<double>& times) {
    const learn::Dynamics rate =
        learn::dynamics_of([mlp](const Params& p, const Tensor& h) { return mlp(p, h); });
    Tensors states;
    for (const Tensors& h : solve(counted(rate, count), params, {x}, times, solver))
      states.push_back(h[0]);
    return states;
  };
  return model;
}

}  // namespace

std::vector<DepthModel> depth_models() {
  return {residual("resnet", "x + g(x): a layer an interval, whatever its length", Time::unknown),
          residual("dt-input", "x + g(x, dt)", Time::input),
          residual("dt-scaled", "x + dt g(x, dt)", Time::scale),
          ode("neural-ode", "the solution of dx/dt = g(x)", learn::OdeGradient::through_solver),
          ode("neural-ode-adjoint", "the same, its gradient by the adjoint",
              learn::OdeGradient::adjoint)};
}

}  // namespace noether::bench
