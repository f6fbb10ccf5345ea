#include "learn/autodiff/gradcheck.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "base/error.h"
#include "learn/autodiff/ops.h"
#include "learn/autodiff/transforms.h"

namespace noether::learn {

namespace {

using Values = std::vector<double>;

// A vector of n irregular values between 0.5 and 1.5: multiples of the golden ratio, which fill the
// interval evenly.
Tensor dense(std::int64_t n, double offset) {
  return Tensor::build<double>({n}, [&](std::span<double> out) {
    for (std::size_t i = 0; i < out.size(); ++i) {
      out[i] = 0.5 + std::fmod(offset + 0.6180339887498949 * static_cast<double>(i), 1.0);
    }
  });
}

Tensor unit(std::int64_t n, std::int64_t one) {
  return Tensor::build<double>({n}, [&](std::span<double> out) {
    std::ranges::fill(out, 0.0);
    out[static_cast<std::size_t>(one)] = 1;
  });
}

// The derivative of f along v from four values, exact to step^4.
Values difference(const VectorFunction& f, const Tensor& x, const Tensor& v, double step) {
  const auto at = [&](double t) { return f(add(x, scale(v, t))).to_vector(); };
  const Values near = at(step), back = at(-step), far = at(2 * step), far_back = at(-2 * step);
  Values slope(near.size());
  for (std::size_t i = 0; i < slope.size(); ++i) {
    slope[i] = (8 * (near[i] - back[i]) - (far[i] - far_back[i])) / (12 * step);
  }
  return slope;
}

double error(const Values& derivative, const Values& slope) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  if (derivative.size() != slope.size()) return infinity;
  double largest = 1, off = 0;
  for (std::size_t i = 0; i < slope.size(); ++i) {
    const double difference = std::abs(derivative[i] - slope[i]);
    if (!std::isfinite(difference)) return infinity;
    largest = std::max(largest, std::abs(slope[i]));
    off = std::max(off, difference);
  }
  return off / largest;
}

void check_first_order(const VectorFunction& f, const Tensor& x, const Tensor& u, double step,
                       GradcheckErrors& errors) {
  const Values weights = u.to_vector();
  Values slopes;
  for (std::int64_t i = 0; i < x.size(); ++i) {
    const Tensor direction = unit(x.size(), i);
    const Values column = difference(f, x, direction, step);
    const Values tangent = jvp(f, x, direction).tangent.to_vector();
    errors.forward = std::max(errors.forward, error(tangent, column));
    double weighted = 0;
    for (std::size_t k = 0; k < column.size(); ++k) weighted += weights[k] * column[k];
    slopes.push_back(weighted);
  }
  errors.reverse = error(vjp(f, x).pullback(u).to_vector(), slopes);
}

void check_second_order(const VectorFunction& f, const Tensor& x, const Tensor& u, double step,
                        GradcheckErrors& errors) {
  const VectorFunction weighted = [&](const Tensor& at) { return sum(mul(f(at), u)); };
  const VectorFunction gradient = [&](const Tensor& at) { return grad(weighted, at); };
  const Tensor v = dense(x.size(), 0.7);
  const Values slopes = difference(gradient, x, v, step);

  const auto along = [&](const Tensor& at) { return jvp(weighted, at, v).tangent; };
  const auto product = [&](const Tensor& at) { return sum(mul(gradient(at), v)); };
  errors.forward_over_reverse = error(jvp(gradient, x, v).tangent.to_vector(), slopes);
  errors.reverse_over_forward = error(grad(along, x).to_vector(), slopes);
  errors.reverse_over_reverse = error(grad(product, x).to_vector(), slopes);
}

}  // namespace

double worst(const GradcheckErrors& errors) {
  return std::max({errors.forward, errors.reverse, errors.forward_over_reverse,
                   errors.reverse_over_forward, errors.reverse_over_reverse});
}

GradcheckErrors gradcheck_vector(const VectorFunction& f, const Tensor& x,
                                 const GradcheckOptions& options) {
  if (x.dtype() != DType::f64) {
    throw base::UsageError(
        fmt::format("gradcheck: float64 was expected, not {}, of which differences see little",
                    to_string(x.dtype())));
  }
  GradcheckErrors errors;
  const Tensor u = dense(f(x).size(), 0.2);
  check_first_order(f, x, u, options.step, errors);
  if (options.order >= 2) check_second_order(f, x, u, options.step, errors);
  return errors;
}

void require_small(const GradcheckErrors& errors, double tolerance) {
  const auto require = [&](const char* mode, double off) {
    if (off <= tolerance) return;
    throw base::NumericalError(
        fmt::format("gradcheck: {} differs from central differences by {:.2g}, allowed is {:.2g}",
                    mode, off, tolerance));
  };
  require("forward mode", errors.forward);
  require("reverse mode", errors.reverse);
  require("forward over reverse", errors.forward_over_reverse);
  require("reverse over forward", errors.reverse_over_forward);
  require("reverse over reverse", errors.reverse_over_reverse);
}

}  // namespace noether::learn
