#pragma once

// The operations that gradients pass through: one enumerator and one row of the rule table each.

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "learn/tensor/tensor.h"

namespace noether::learn {

// In the order of the rule table, autodiff/rules.cpp.
enum class Op : std::uint8_t {
  // elementwise, shapes that broadcast
  add,
  sub,
  mul,
  div,
  // elementwise, equal shapes
  scale,
  shift,
  exp,
  log,
  sin,
  cos,
  tanh,
  tanh_slope,
  sigmoid,
  sqrt,
  square,
  triple,
  power,
  step,
  leaky_relu,
  leaky_slope,
  // linear, in pairs of mutual adjoints
  broadcast_to,
  sum_to,
  reshape,
  permute,
  slice,
  pad,
  concat,
  gather,
  scatter_add,
  upsample,
  sum_pool,
  // products
  matmul,
  linear,
  row_dot,
  scale_rows,
  standardize,
  standardize_slope,
  conv2d,
  conv2d_dx,
  conv2d_dw,
  // functions of the caller's, autodiff/custom.h
  checkpoint,
  custom_vjp
};
inline constexpr std::size_t op_count = static_cast<std::size_t>(Op::custom_vjp) + 1;

struct CustomFunction;  // autodiff/custom.h

// The constants of one application; each op reads the few that concern it.
struct Attributes {
  double value = 0;                         // scale, shift, power, leaky_relu, standardize
  Shape shape{};                            // the result's extents, where the inputs do not tell
  std::array<int, Shape::max_rank> axes{};  // permute: result axis i is input axis axes[i]
  int axis = 0;                             // slice, pad, concat
  std::int64_t begin = 0;                   // slice: first index kept; pad: zeros in front
  bool transpose_a = false;                 // matmul
  bool transpose_b = false;
  std::int64_t stride = 1;   // convolutions; the factor of upsample and sum_pool
  std::int64_t padding = 0;  // convolutions: zeros on every side
  std::shared_ptr<const std::vector<std::int64_t>> indices{};  // gather, scatter_add: rows
  std::shared_ptr<const CustomFunction> function{};            // checkpoint, custom_vjp
};

// One application of an op as its rules see it.
struct Call {
  Op op;
  const Attributes& attributes;
  std::span<const Tensor> inputs;
  const Tensor& output;  // undefined while the kernel runs

  const Tensor& operator[](std::size_t i) const { return inputs[i]; }
};

// Computes the result from concrete inputs.
using Kernel = Tensor (*)(const Call&);
// One term of a derivative. As jvp: the tangent of the output due to the tangent t of input i. As
// vjp: the cotangent of input i due to the cotangent t of the output. An undefined result is zero.
// Written in the library's own operations only, so that it has derivatives itself.
using Partial = Tensor (*)(const Call&, std::size_t i, const Tensor& t);
// The same for all inputs at once, where that is cheaper: the tangent of the output due to those of
// the inputs; the cotangents of the inputs. Those that are not wanted may be left undefined.
using Forward = Tensor (*)(const Call&, std::span<const Tensor> tangents);
using Backward = Tensors (*)(const Call&, const std::vector<bool>& wanted, const Tensor& t);

// Which values vjp reads; the tape keeps no others alive. Shapes are always there.
enum class Keep : std::uint8_t { nothing, inputs, last_input, output, everything };

struct Rule {
  Op op;
  std::string_view name;
  Kernel kernel;
  Partial vjp;
  Partial jvp;
  Keep keep;
  Forward forward = nullptr;    // in place of jvp
  Backward backward = nullptr;  // in place of vjp
};

const Rule& rule(Op op);
std::span<const Rule> rules();

// The tangent of the output due to those of the inputs; undefined ones are zero.
Tensor tangent(const Call& call, std::span<const Tensor> tangents);
// The cotangents of the inputs that are wanted, due to the cotangent t of the output.
Tensors cotangents(const Call& call, const std::vector<bool>& wanted, const Tensor& t);

// op(inputs): the only function that knows of levels. The innermost trace among the inputs is
// stripped, the op applied to what remains, and the result recorded; without a trace the kernel
// runs.
Tensor apply(Op op, const Tensors& inputs, const Attributes& attributes = {});

}  // namespace noether::learn
