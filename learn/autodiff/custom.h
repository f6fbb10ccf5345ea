#pragma once

// Functions that the tape sees as one operation.

#include <functional>

#include "learn/autodiff/transforms.h"

namespace noether::learn {

// A function of one vector; packed by the templates below.
struct CustomFunction {
  std::function<Tensor(const Tensor& x)> value;
  // the cotangent of x; where absent, value is run again under a tape of its own
  std::function<Tensor(const Tensor& x, const Tensor& y, const Tensor& cotangent)> vjp;
};

Tensor call(const CustomFunction& f, const Tensor& x);

// f(x), keeping x and f(x) alone: what happens inside f is computed a second time when going back.
// f depends on nothing differentiated but x; it throws std::logic_error where it does.
template <Tree X, class F>
Result<X, F> checkpoint(F f, const X& x) {
  using Y = Result<X, F>;
  const auto like = std::make_shared<Y>();
  const Tensor packed = call({[f, x, like](const Tensor& vector) {
                                const Y y = f(with_leaves(x, unravel(leaves(x), vector)));
                                Tensors shapes;
                                for (const Tensor& leaf : leaves(y)) shapes.push_back(leaf.husk());
                                *like = with_leaves(y, shapes);
                                return ravel(leaves(y));
                              },
                              {}},
                             ravel(leaves(x)));
  return with_leaves(*like, unravel(leaves(*like), packed));
}

// f(x) with a rule of the caller's for its cotangent: backward(x, f(x), cotangent of f(x)). It is
// itself differentiated for higher orders; forward mode transposes it.
Tensor custom_vjp(std::function<Tensor(const Tensor&)> f,
                  std::function<Tensor(const Tensor&, const Tensor&, const Tensor&)> backward,
                  const Tensor& x);

}  // namespace noether::learn
