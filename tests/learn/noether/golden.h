#pragma once

// meta_gradient_golden.h5: inner gradients, tailored weights and meta-gradients in float64,
// computed elsewhere, for 24 small problems. Predictions are Euler rollouts of five steps, or f(x0)
// alone.

#include <fmt/format.h>

#include <filesystem>
#include <string>
#include <vector>

#include "learn/autodiff/ops.h"
#include "learn/autodiff/transforms.h"
#include "learn/noether/loss.h"
#include "learn/noether/meta_gradient.h"
#include "tests/support/hdf5_read.h"
#include "tests/support/reference.h"

namespace noether::test {

using namespace noether::learn;

inline constexpr std::int64_t golden_queries = 4;
inline constexpr double golden_dt = 0.1;

class GoldenCase {
 public:
  GoldenCase(const std::string& bias, const std::string& g, const std::string& form,
             int inner_steps)
      : steps(inner_steps),
        name(fmt::format("case_{}_{}_{}_K{}", bias, g, form, inner_steps)),
        mlp{{2, 8, 8, 2}, bias == "bias"},
        single(form == "fd" || form == "tangent"),
        path_(reference_file("meta_gradient_golden.h5")) {
    loss.form = form == "fd" ? Form::finite_difference : form_of(form);
    loss.dt = golden_dt;
    loss.steps = 5;
    rate = single ? 0.5 : g == "A" && form == "anchored" ? 0.005 : 0.05;
    theta = initial_weights(mlp, 0, DType::f64);
    for (const auto& [weight, value] : Params(theta)) {
      theta = theta.with(weight, read("theta_" + bias + "/" + weight, value.shape()));
    }
    if (g == "A") {
      phi.add("c", read("phi_A/c", {1}));
      quantity = [](const Params& at, const Tensor& x) {
        return square(slice(x, 1, 1, 2)) - at["c"] * cos(slice(x, 1, 0, 1));
      };
    } else {
      for (const auto& [weight, shape] : std::vector<std::pair<std::string, Shape>>{
               {"V1", {8, 2}}, {"c1", {8}}, {"V2", {1, 8}}, {"c2", {1}}}) {
        phi.add(weight, read("phi_B/" + weight, shape));
      }
      quantity = [](const Params& at, const Tensor& x) {
        return linear(tanh(linear(x, at["V1"], at["c1"])), at["V2"], at["c2"]);
      };
    }
  }

  Tensor x0() const { return read("x0", {golden_queries, 2}); }
  // what the predictions are compared with, [queries, T, 2] or [queries, 2]
  Tensor target() const {
    return single ? read("dxdt", {golden_queries, 2}) : read("target", {golden_queries, 5, 2});
  }

  // An array of the case for one query.
  Tensor recorded(const std::string& array, const Shape& shape, std::int64_t query) const {
    std::vector<std::int64_t> extents{golden_queries};
    extents.insert(extents.end(), shape.extents().begin(), shape.extents().end());
    const Tensor all = read(name + "/" + array, Shape(extents));
    return reshape(slice(all, 0, query, query + 1), shape);
  }

  // [n, T, 2], or [n, 2] where the prediction is f(x0) itself
  Tensor prediction(const Predict& f, const Tensor& x) const {
    if (single) return f(x);
    Tensors columns;
    for (const Tensor& state : euler_rollout(f, x, golden_dt, 5)) {
      columns.push_back(reshape(state, {x.shape()[0], 1, 2}));
    }
    return concat(columns, 1);
  }

  int steps;
  std::string name;
  Mlp mlp;
  bool single;
  NoetherLoss loss;
  double rate;
  Params theta, phi;
  Quantity quantity;

 private:
  Tensor read(const std::string& array, const Shape& shape) const {
    return Tensor::from<double>(read_dataset<double>(path_, array), shape);
  }
  std::filesystem::path path_;
};

inline std::vector<GoldenCase> golden_cases() {
  std::vector<GoldenCase> cases;
  for (const std::string bias : {"nobias", "bias"}) {
    for (const std::string g : {"A", "B"}) {
      for (const std::string form : {"anchored", "previous"}) {
        for (const int steps : {1, 3}) cases.emplace_back(bias, g, form, steps);
      }
      for (const std::string form : {"fd", "tangent"}) cases.emplace_back(bias, g, form, 1);
    }
  }
  return cases;
}

}  // namespace noether::test
