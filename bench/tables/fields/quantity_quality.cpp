#include "bench/tables/fields/quantity_quality.h"

#include <cmath>

#include "bench/table/statistics.h"
#include "learn/autodiff/ops.h"
#include "learn/autodiff/transforms.h"

namespace noether::bench {

namespace {

using learn::Tensor;

Tensor gradients(const learn::Quantity& g, const learn::Params& phi, const Tensor& x) {
  return grad([&](const Tensor& at) { return sum(g(phi, at)); }, x);
}

// a function that is one number wherever the directions lead has no gradient along them but
// rounding
constexpr double no_gradient = 1e-9;

// far below the roundings of what is not parallel
constexpr double tiny = 1e-20;

// grad g_j(x) . directions, [n, r], of each component that has one
learn::Tensors gradients_along(const learn::Quantity& g, const learn::Params& phi, const Tensor& x,
                               const Tensor& directions) {
  learn::Tensors all;
  const std::int64_t components = g(phi, x).shape()[1];
  for (std::int64_t j = 0; j < components; ++j) {
    const Tensor gradient = grad([&](const Tensor& at) { return sum(column(g(phi, at), j)); }, x);
    const Tensor along = matmul(gradient, directions, false, true);
    if (std::sqrt(mean(square(along)).item()) > no_gradient) all.push_back(along);
  }
  return all;
}

// v without its part along a unit vector of each row, twice: once more for what rounding left
Tensor across(Tensor v, const learn::Tensors& basis) {
  for (int pass = 0; pass < 2; ++pass) {
    for (const Tensor& b : basis) v = v - scale_rows(b, row_dot(b, v));
  }
  return v;
}

}  // namespace

double angle_to_span(const learn::Quantity& g, const learn::Params& phi,
                     const learn::Quantity& truth, const learn::Params& truth_phi,
                     const Tensor& states, const Tensor& directions) {
  const auto wide = [](const auto& values) { return cast(values, learn::DType::f64); };
  const Tensor x = wide(states);
  learn::Tensors basis;
  for (const Tensor& v : gradients_along(truth, wide(truth_phi), x, directions)) {
    const Tensor rest = across(v, basis);
    // what is parallel to those before adds no direction: 0 / tiny, not 0 / 0
    const Tensor size = row_dot(rest, rest) + scale(row_dot(v, v), tiny);
    basis.push_back(scale_rows(rest, power(size, -0.5)));
  }
  double total = 0;
  const learn::Tensors of_g = gradients_along(g, wide(phi), x, directions);
  for (const Tensor& u : of_g) {
    const Tensor rest = across(u, basis);
    total += mean(row_dot(rest, rest) / row_dot(u, u)).item();
  }
  return of_g.empty() ? 1 : std::sqrt(total / static_cast<double>(of_g.size()));
}

QuantityQuality compare_quantities(const learn::Quantity& g, const learn::Params& phi,
                                   const learn::Quantity& truth, const learn::Params& truth_phi,
                                   const Tensor& x) {
  const auto a = g(phi, x).to_vector(), b = truth(truth_phi, x).to_vector();
  const Tensor u = gradients(g, phi, x), v = gradients(truth, truth_phi, x);
  // sin^2 = 1 - cos^2 from the part of u across v: small angles keep their digits
  const Tensor across = u - scale_rows(v, row_dot(u, v) / row_dot(v, v));
  const Tensor sine2 = row_dot(across, across) / row_dot(u, u);
  return {std::abs(correlation(a, b)), std::abs(rank_correlation(a, b)),
          std::sqrt(mean(sine2).item())};
}

std::vector<Record> records_of(const QuantityQuality& quality) {
  return {{.metric = "pearson", .value = quality.pearson},
          {.metric = "spearman", .value = quality.spearman},
          {.metric = "angle", .value = quality.angle}};
}

}  // namespace noether::bench
