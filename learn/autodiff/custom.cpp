#include "learn/autodiff/custom.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "base/error.h"
#include "learn/autodiff/ops.h"
#include "learn/kernels/kernels.h"

namespace noether::learn {

namespace {

Tensors all_inputs(const Call& c) { return {c.inputs.begin(), c.inputs.end()}; }

Tensors chosen(std::span<const Tensor> all, const std::vector<bool>& which) {
  Tensors some;
  for (std::size_t i = 0; i < which.size(); ++i) {
    if (which[i]) some.push_back(all[i]);
  }
  return some;
}

// The checkpointed function of those inputs that vary; the others are constants.
auto function_of(const Call& c, const std::vector<bool>& varies) {
  return [&c, varies](const Tensors& at) {
    Tensors inputs = all_inputs(c);
    for (std::size_t i = 0, k = 0; i < varies.size(); ++i) {
      if (varies[i]) inputs[i] = at[k++];
    }
    return c.attributes.function->value(inputs);
  };
}

}  // namespace

Tensor packed(const Tensors& values) { return values.size() == 1 ? values[0] : ravel(values); }

Tensors unpacked(const Tensors& like, const Tensor& packed) {
  return like.size() == 1 ? Tensors{packed} : unravel(like, packed);
}

Tensors back_checkpoint(const Call& c, const std::vector<bool>& wanted, const Tensor& t) {
  const auto again = vjp(function_of(c, wanted), chosen(c.inputs, wanted), Tape::freed);
  Tensors found = again.pullback(unpacked(again.value, t)), due(wanted.size());
  for (std::size_t i = 0, k = 0; i < wanted.size(); ++i) {
    if (wanted[i]) due[i] = std::move(found[k++]);
  }
  return due;
}
Tensor along_checkpoint(const Call& c, std::span<const Tensor> tangents) {
  std::vector<bool> varies;
  for (const Tensor& t : tangents) varies.push_back(t.defined());
  return packed(
      jvp(function_of(c, varies), chosen(c.inputs, varies), chosen(tangents, varies)).tangent);
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
  const Tensors y = c.attributes.function->value(all_inputs(c));
  if (std::ranges::any_of(y, [](const Tensor& part) { return part.box() != nullptr; })) {
    throw std::logic_error(
        "a checkpointed function uses a tensor under differentiation that is "
        "not its argument; pass it as one");
  }
  return packed(y);
}

}  // namespace noether::learn
