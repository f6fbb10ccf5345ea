#include "learn/autodiff/custom.h"

#include <stdexcept>
#include <utility>

#include "base/error.h"
#include "learn/autodiff/ops.h"
#include "learn/kernels/kernels.h"

namespace noether::learn {

namespace {

Tensors all_inputs(const Call& c) { return {c.inputs.begin(), c.inputs.end()}; }

}  // namespace

Tensor packed(const Tensors& values) { return values.size() == 1 ? values[0] : ravel(values); }

Tensors unpacked(const Tensors& like, const Tensor& packed) {
  return like.size() == 1 ? Tensors{packed} : unravel(like, packed);
}

Tensors back_checkpoint(const Call& c, const std::vector<bool>& wanted, const Tensor& t) {
  // what is not wanted is a constant of the inner tape
  Tensors varied;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (wanted[i]) varied.push_back(c[i]);
  }
  const auto f = [&](const Tensors& at) {
    Tensors inputs = all_inputs(c);
    for (std::size_t i = 0, k = 0; i < wanted.size(); ++i) {
      if (wanted[i]) inputs[i] = at[k++];
    }
    return c.attributes.function->value(inputs);
  };
  Tensors found = vjp(f, varied, Tape::freed).pullback(t), due(wanted.size());
  for (std::size_t i = 0, k = 0; i < wanted.size(); ++i) {
    if (wanted[i]) due[i] = std::move(found[k++]);
  }
  return due;
}
Tensor along_checkpoint(const Call& c, std::span<const Tensor> tangents) {
  Tensors directions;
  for (std::size_t i = 0; i < tangents.size(); ++i) {
    directions.push_back(tangents[i].defined() ? tangents[i] : zeros_like(c[i]));
  }
  return jvp(c.attributes.function->value, all_inputs(c), directions).tangent;
}

Tensors back_custom(const Call& c, const std::vector<bool>&, const Tensor& t) {
  const Tensors due = c.attributes.function->vjp(all_inputs(c), c.output, t);
  check_count("custom_vjp: the number of cotangents", due.size(), c.inputs.size());
  for (std::size_t i = 0; i < due.size(); ++i) {
    if (!due[i].defined()) continue;
    if (due[i].shape() == c[i].shape() && due[i].dtype() == c[i].dtype()) continue;
    throw base::ShapeError("custom_vjp: a cotangent of shape " + to_string(c[i].shape()) +
                           " was expected, not " + to_string(due[i].shape()));
  }
  return due;
}
Tensor along_custom(const Call& c, std::span<const Tensor> tangents) {
  // the given rule is linear in the cotangent; its transpose is the forward derivative
  const auto backward = [&](const Tensor& g) {
    Tensors due = back_custom(c, {}, g);
    for (std::size_t i = 0; i < due.size(); ++i) {
      if (!due[i].defined()) due[i] = zeros_like(c[i]);
    }
    return due;
  };
  return vjp(backward, zeros_like(c.output), Tape::freed)
      .pullback(Tensors(tangents.begin(), tangents.end()));
}

Tensor kernels::call(const Call& c) {
  Tensor y = c.attributes.function->value(all_inputs(c));
  if (y.box() != nullptr) {
    throw std::logic_error(
        "a checkpointed function uses a tensor under differentiation that is "
        "not its argument; pass it as one");
  }
  return y;
}

}  // namespace noether::learn
