// The rule table. Written in the library's own operations only, so that every rule has derivatives.

#include <algorithm>
#include <utility>

#include "learn/autodiff/custom.h"
#include "learn/autodiff/op.h"
#include "learn/autodiff/ops.h"
#include "learn/kernels/kernels.h"

namespace noether::learn {

namespace {

// jvp of an op that is linear in each of its inputs by itself: the tangent takes the input's place.
Tensor in_place_of(const Call& c, std::size_t i, const Tensor& t) {
  Tensors inputs(c.inputs.begin(), c.inputs.end());
  inputs[i] = t;
  return apply(c.op, inputs, c.attributes);
}

// For terms of which the derivative is the tangent itself, or zero.
Tensor itself(const Call&, std::size_t, const Tensor& t) { return t; }
Tensor zero(const Call&, std::size_t, const Tensor&) { return {}; }

// Operands that broadcast: a tangent stretches with its operand, and a cotangent is summed again.
Tensor stretched(const Call& c, const Tensor& t) { return broadcast_to(t, c.output.shape()); }
Tensor summed(const Call& c, std::size_t i, const Tensor& t) { return sum_to(t, c[i].shape()); }

Tensor back_add(const Call& c, std::size_t i, const Tensor& t) { return summed(c, i, t); }
Tensor along_add(const Call& c, std::size_t, const Tensor& t) { return stretched(c, t); }
Tensor of_sub(std::size_t i, const Tensor& t) { return i == 0 ? t : neg(t); }
Tensor back_sub(const Call& c, std::size_t i, const Tensor& t) {
  return summed(c, i, of_sub(i, t));
}
Tensor along_sub(const Call& c, std::size_t i, const Tensor& t) {
  return stretched(c, of_sub(i, t));
}
Tensor back_mul(const Call& c, std::size_t i, const Tensor& t) {
  return summed(c, i, t * c[1 - i]);
}
Tensor along_div(const Call& c, std::size_t i, const Tensor& t) {
  return i == 0 ? t / c[1] : neg((t / c[1]) * (c[0] / c[1]));
}
Tensor back_div(const Call& c, std::size_t i, const Tensor& t) {
  return summed(c, i, along_div(c, i, t));
}
Tensor of_scale(const Call& c, std::size_t, const Tensor& t) {
  return scale(t, c.attributes.value);
}
Tensor of_exp(const Call& c, std::size_t, const Tensor& t) { return t * c.output; }
Tensor of_log(const Call& c, std::size_t, const Tensor& t) { return t / c[0]; }
Tensor of_sin(const Call& c, std::size_t, const Tensor& t) { return t * cos(c[0]); }
Tensor of_cos(const Call& c, std::size_t, const Tensor& t) { return neg(t * sin(c[0])); }
Tensor of_tanh(const Call& c, std::size_t, const Tensor& t) {
  return apply(Op::tanh_slope, {t, c.output});
}
// the product of three in one pass over memory, what second derivatives of tanh are full of
Tensor triple(double factor, const Tensor& a, const Tensor& b, const Tensor& c) {
  return apply(Op::triple, {a, b, c}, {.value = factor});
}
Tensor of_tanh_slope(const Call& c, std::size_t i, const Tensor& t) {  // a (1 - y^2)
  return i == 0 ? apply(Op::tanh_slope, {t, c[1]}) : triple(-2, t, c[0], c[1]);
}
Tensor of_sigmoid(const Call& c, std::size_t, const Tensor& t) {
  return t * (c.output - square(c.output));
}
Tensor of_sqrt(const Call& c, std::size_t, const Tensor& t) { return scale(t / c.output, 0.5); }
Tensor of_square(const Call& c, std::size_t, const Tensor& t) { return scale(t * c[0], 2); }
Tensor of_triple(const Call& c, std::size_t i, const Tensor& t) {
  return triple(c.attributes.value, t, c[i == 0 ? 1 : 0], c[i == 2 ? 1 : 2]);
}
Tensor of_power(const Call& c, std::size_t, const Tensor& t) {
  const double p = c.attributes.value;
  if (p == 0) return {};  // 0 times x^-1 would not be zero at x = 0
  return scale(t * power(c[0], p - 1), p);
}
// t where x > 0, else slope t. The output is positive where x is, and kept anyway by what reads it.
Tensor of_leaky_relu(const Call& c, std::size_t, const Tensor& t) {
  return apply(Op::leaky_slope, {t, c.output}, c.attributes);
}
Tensor of_leaky_slope(const Call& c, std::size_t i, const Tensor& t) {
  return i == 0 ? apply(Op::leaky_slope, {t, c[1]}, c.attributes) : Tensor();
}

Tensor back_broadcast(const Call& c, std::size_t, const Tensor& t) {
  return sum_to(t, c[0].shape());
}
Tensor back_sum_to(const Call& c, std::size_t, const Tensor& t) {
  return broadcast_to(t, c[0].shape());
}
Tensor back_reshape(const Call& c, std::size_t, const Tensor& t) {
  return reshape(t, c[0].shape());
}
Tensor back_permute(const Call& c, std::size_t, const Tensor& t) {
  std::array<int, Shape::max_rank> inverse{};
  for (int i = 0; i < t.shape().rank(); ++i) {
    inverse[static_cast<std::size_t>(c.attributes.axes[static_cast<std::size_t>(i)])] = i;
  }
  return permute(t, std::span(inverse).first(static_cast<std::size_t>(t.shape().rank())));
}
Tensor back_slice(const Call& c, std::size_t, const Tensor& t) {
  const auto& [axis, begin] = std::pair(c.attributes.axis, c.attributes.begin);
  return pad(t, axis, begin, c[0].shape()[axis] - begin - t.shape()[axis]);
}
Tensor back_pad(const Call& c, std::size_t, const Tensor& t) {
  const auto& [axis, begin] = std::pair(c.attributes.axis, c.attributes.begin);
  return slice(t, axis, begin, begin + c[0].shape()[axis]);
}
Tensor back_concat(const Call& c, std::size_t i, const Tensor& t) {
  const int axis = c.attributes.axis;
  std::int64_t begin = 0;
  for (std::size_t before = 0; before < i; ++before) begin += c[before].shape()[axis];
  return slice(t, axis, begin, begin + c[i].shape()[axis]);
}
Tensor along_concat(const Call& c, std::span<const Tensor> tangents) {
  Tensors parts(tangents.begin(), tangents.end());
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (!parts[i].defined()) parts[i] = zeros_like(c[i]);
  }
  return apply(Op::concat, parts, c.attributes);
}
Tensor back_gather(const Call& c, std::size_t, const Tensor& t) {
  return scatter_add(t, c.attributes.indices, c[0].shape()[0]);
}
Tensor back_scatter_add(const Call& c, std::size_t, const Tensor& t) {
  return gather(t, c.attributes.indices);
}
Tensor back_upsample(const Call& c, std::size_t, const Tensor& t) {
  return sum_pool(t, c.attributes.stride);
}
Tensor back_sum_pool(const Call& c, std::size_t, const Tensor& t) {
  return upsample(t, c.attributes.stride);
}

Tensor back_matmul(const Call& c, std::size_t i, const Tensor& t) {
  const bool ta = c.attributes.transpose_a, tb = c.attributes.transpose_b;
  const Tensor due = i == 0 ? (ta ? matmul(c[1], t, tb, true) : matmul(t, c[1], false, !tb))
                            : (tb ? matmul(t, c[0], true, ta) : matmul(c[0], t, !ta, false));
  // a matrix that is the same for all of the batch is due the sum
  return due.shape().rank() > c[i].shape().rank() ? sum(due, 0) : due;
}
Tensor back_linear(const Call& c, std::size_t i, const Tensor& t) {
  if (i == 0) return matmul(t, c[1]);
  if (i == 1) return matmul(t, c[0], true, false);
  return sum(t, 0);
}
Tensor along_linear(const Call& c, std::size_t i, const Tensor& t) {
  if (i == 0) return matmul(t, c[1], false, true);
  if (i == 1) return matmul(c[0], t, false, true);
  return broadcast_to(t, c.output.shape());
}

Tensor back_row_dot(const Call& c, std::size_t i, const Tensor& t) {
  return scale_rows(c[1 - i], t);
}
Tensor back_scale_rows(const Call& c, std::size_t i, const Tensor& t) {
  return i == 0 ? scale_rows(t, c[1]) : row_dot(t, c[0]);
}

Window window(const Call& c) { return {c.attributes.stride, c.attributes.padding}; }
Tensor back_conv2d(const Call& c, std::size_t i, const Tensor& t) {
  return i == 0 ? conv2d_dx(t, c[1], c[0].shape(), window(c))
                : conv2d_dw(c[0], t, c[1].shape(), window(c));
}
Tensor back_conv2d_dx(const Call& c, std::size_t i, const Tensor& t) {  // of (g, w)
  return i == 0 ? conv2d(t, c[1], window(c)) : conv2d_dw(t, c[0], c[1].shape(), window(c));
}
Tensor back_conv2d_dw(const Call& c, std::size_t i, const Tensor& t) {  // of (x, g)
  return i == 0 ? conv2d_dx(c[1], t, c[0].shape(), window(c)) : conv2d(c[0], t, window(c));
}

// n = (x - mean) r with r = 1 / sqrt(variance + epsilon), and the derivative along t is
// P(t) = r (t - mean t - n mean(t n)), the same matrix for vjp and jvp.
Tensor slope_at(const Call& c, const Tensor& t, const Tensor& x) {
  return apply(Op::standardize_slope, {t, x}, c.attributes);
}
Tensor of_standardize(const Call& c, std::size_t, const Tensor& t) { return slope_at(c, t, c[0]); }
// of (s, x) -> P(s): the second derivative of n along s and t, symmetric in all three directions,
// -r (P(s) mean(t n) + P(t) mean(s n) + r n (mean(s t) - mean s mean t - mean(s n) mean(t n)))
Tensor of_standardize_slope(const Call& c, std::size_t i, const Tensor& t) {
  const Tensor &s = c[0], &x = c[1], along_t = slope_at(c, t, x);
  if (i == 0) return along_t;
  const Tensor n = standardize(x, c.attributes.value);
  const auto mean_of = [](const Tensor& a, const Tensor& b) {
    return row_dot(a, b) / static_cast<double>(a.shape()[1]);
  };
  const Tensor centred = x - mean(x, 1, true), sn = mean_of(s, n), tn = mean_of(t, n);
  const Tensor r = power(mean_of(centred, centred) + c.attributes.value, -0.5);
  const Tensor rest = mean_of(s, t) - mean(s, 1, true) * mean(t, 1, true) - sn * tn;
  return neg(scale_rows(c.output, r * tn) + scale_rows(along_t, r * sn) +
             scale_rows(n, square(r) * rest));
}

using enum Keep;
constexpr Rule table[] = {
    {Op::add, "add", kernels::broadcast_add, back_add, along_add, nothing},
    {Op::sub, "sub", kernels::broadcast_sub, back_sub, along_sub, nothing},
    {Op::mul, "mul", kernels::broadcast_mul, back_mul, in_place_of, inputs},
    {Op::div, "div", kernels::broadcast_div, back_div, along_div, inputs},
    {Op::scale, "scale", kernels::scale, of_scale, in_place_of, nothing},
    {Op::shift, "shift", kernels::shift, itself, itself, nothing},
    {Op::exp, "exp", kernels::exp, of_exp, of_exp, output},
    {Op::log, "log", kernels::log, of_log, of_log, inputs},
    {Op::sin, "sin", kernels::sin, of_sin, of_sin, inputs},
    {Op::cos, "cos", kernels::cos, of_cos, of_cos, inputs},
    {Op::tanh, "tanh", kernels::tanh, of_tanh, of_tanh, output},
    {Op::tanh_slope, "tanh_slope", kernels::tanh_slope, of_tanh_slope, of_tanh_slope, inputs},
    {Op::sigmoid, "sigmoid", kernels::sigmoid, of_sigmoid, of_sigmoid, output},
    {Op::sqrt, "sqrt", kernels::sqrt, of_sqrt, of_sqrt, output},
    {Op::square, "square", kernels::square, of_square, of_square, inputs},
    {Op::triple, "triple", kernels::triple, of_triple, of_triple, inputs},
    {Op::power, "power", kernels::power, of_power, of_power, inputs},
    {Op::step, "step", kernels::step, zero, zero, nothing},
    {Op::leaky_relu, "leaky_relu", kernels::leaky_relu, of_leaky_relu, of_leaky_relu, output},
    {Op::leaky_slope, "leaky_slope", kernels::leaky_slope, of_leaky_slope, of_leaky_slope,
     last_input},
    {Op::broadcast_to, "broadcast_to", kernels::broadcast_to, back_broadcast, in_place_of, nothing},
    {Op::sum_to, "sum_to", kernels::sum_to, back_sum_to, in_place_of, nothing},
    {Op::reshape, "reshape", kernels::reshape, back_reshape, in_place_of, nothing},
    {Op::permute, "permute", kernels::permute, back_permute, in_place_of, nothing},
    {Op::slice, "slice", kernels::slice, back_slice, in_place_of, nothing},
    {Op::pad, "pad", kernels::pad, back_pad, in_place_of, nothing},
    {Op::concat, "concat", kernels::concat, back_concat, {}, nothing, along_concat},
    {Op::gather, "gather", kernels::gather, back_gather, in_place_of, nothing},
    {Op::scatter_add, "scatter_add", kernels::scatter_add, back_scatter_add, in_place_of, nothing},
    {Op::upsample, "upsample", kernels::upsample, back_upsample, in_place_of, nothing},
    {Op::sum_pool, "sum_pool", kernels::sum_pool, back_sum_pool, in_place_of, nothing},
    {Op::matmul, "matmul", kernels::matmul, back_matmul, in_place_of, inputs},
    {Op::linear, "linear", kernels::linear, back_linear, along_linear, inputs},
    {Op::row_dot, "row_dot", kernels::row_dot, back_row_dot, in_place_of, inputs},
    {Op::scale_rows, "scale_rows", kernels::scale_rows, back_scale_rows, in_place_of, inputs},
    {Op::standardize, "standardize", kernels::standardize, of_standardize, of_standardize, inputs},
    {Op::standardize_slope, "standardize_slope", kernels::standardize_slope, of_standardize_slope,
     of_standardize_slope, everything},
    {Op::conv2d, "conv2d", kernels::conv2d, back_conv2d, in_place_of, inputs},
    {Op::conv2d_dx, "conv2d_dx", kernels::conv2d_dx, back_conv2d_dx, in_place_of, inputs},
    {Op::conv2d_dw, "conv2d_dw", kernels::conv2d_dw, back_conv2d_dw, in_place_of, inputs},
    {Op::checkpoint,
     "checkpoint",
     kernels::call,
     {},
     {},
     inputs,
     along_checkpoint,
     back_checkpoint},
    {Op::custom_vjp, "custom_vjp", kernels::call, {}, {}, everything, along_custom, back_custom},
};

constexpr bool rows_are_in_order() {
  for (std::size_t i = 0; i < std::size(table); ++i) {
    if (table[i].op != static_cast<Op>(i)) return false;
  }
  return std::size(table) == op_count;
}
static_assert(rows_are_in_order(), "row i of the rule table is that of the i-th Op");

}  // namespace

const Rule& rule(Op op) { return table[static_cast<std::size_t>(op)]; }
std::span<const Rule> rules() { return table; }

Tensor tangent(const Call& call, std::span<const Tensor> tangents) {
  if (std::ranges::none_of(tangents, &Tensor::defined)) return {};
  const Rule& of = rule(call.op);
  if (of.forward != nullptr) return of.forward(call, tangents);
  Tensor total;
  for (std::size_t i = 0; i < tangents.size(); ++i) {
    if (tangents[i].defined()) total = accumulate(std::move(total), of.jvp(call, i, tangents[i]));
  }
  return total;
}

Tensors cotangents(const Call& call, const std::vector<bool>& wanted, const Tensor& t) {
  const Rule& of = rule(call.op);
  if (of.backward != nullptr) return of.backward(call, wanted, t);
  Tensors due(wanted.size());
  for (std::size_t i = 0; i < due.size(); ++i) {
    if (wanted[i]) due[i] = of.vjp(call, i, t);
  }
  return due;
}

}  // namespace noether::learn
