#pragma once

// Functions that the tape sees as one operation.

#include <functional>
#include <memory>
#include <tuple>

#include "learn/autodiff/transforms.h"

namespace noether::learn {

// A function of the leaves of its arguments; made by the templates below.
struct CustomFunction {
  std::function<Tensors(const Tensors& x)> value;
  // custom_vjp: the cotangents of x, of which undefined ones are zero
  std::function<Tensors(const Tensors& x, const Tensor& y, const Tensor& cotangent)> vjp = {};
};

// For the rule table.
Tensors back_checkpoint(const Call& call, const std::vector<bool>& wanted, const Tensor& t);
Tensor along_checkpoint(const Call& call, std::span<const Tensor> tangents);
Tensors back_custom(const Call& call, const std::vector<bool>& wanted, const Tensor& t);
Tensor along_custom(const Call& call, std::span<const Tensor> tangents);

// Several tensors as one, which is all values in a vector unless there is but one; and back.
Tensor packed(const Tensors& values);
Tensors unpacked(const Tensors& like, const Tensor& packed);

// f of a tuple as one operation. `pull`, where it is not null, is the vjp.
template <class F, class X, class Pull>
auto apply_function(Op op, F f, const X& x, const Pull& pull) {
  using Y = decltype(std::apply(f, x));
  const auto like = std::make_shared<Y>();  // known as soon as f has run
  CustomFunction function{.value = [f, form = husks(x), like](const Tensors& inputs) {
    const Y y = std::apply(f, with_leaves(form, inputs));
    *like = husks(y);
    return leaves(y);
  }};
  if constexpr (!std::is_null_pointer_v<Pull>) {
    function.vjp = [pull, form = husks(x), like](const Tensors& inputs, const Tensor& y,
                                                 const Tensor& cotangent) {
      const auto whole = [&](const Tensor& vector) {
        return with_leaves(*like, unpacked(leaves(*like), vector));
      };
      return leaves(std::apply(
          pull, std::tuple_cat(with_leaves(form, inputs), std::tuple(whole(y), whole(cotangent)))));
    };
  }
  const Tensor y = apply(op, leaves(x), {.function = std::make_shared<CustomFunction>(function)});
  return with_leaves(*like, unpacked(leaves(*like), y));
}

// f(xs...), keeping xs alone: what happens inside f is computed a second time when going back. f
// depends on nothing differentiated but xs; it throws std::logic_error where it does. So pass what
// it would close over, as in checkpoint(step, state, weights): nothing is copied.
template <class F, Tree... Xs>
std::invoke_result_t<F, const Xs&...> checkpoint(F f, const Xs&... xs) {
  return apply_function(Op::checkpoint, std::move(f), std::tuple<Xs...>(xs...), nullptr);
}

// f(xs...) with a rule of the caller's for its cotangents: backward(xs..., y, cotangent), where y
// is f(xs...), gives that of x, or a tuple of those of several. It is itself differentiated for
// higher orders; forward mode transposes it. As in checkpoint, f and backward depend on nothing
// differentiated but their arguments.
template <class F, class Backward, Tree... Xs>
std::invoke_result_t<F, const Xs&...> custom_vjp(F f, Backward backward, const Xs&... xs) {
  return apply_function(Op::custom_vjp, std::move(f), std::tuple<Xs...>(xs...), backward);
}

}  // namespace noether::learn
