#include "learn/autodiff/custom.h"

namespace noether::learn {

Tensor call(const CustomFunction& f, const Tensor& x) {
  return apply(Op::call, {x}, {.function = std::make_shared<const CustomFunction>(f)});
}

Tensor custom_vjp(std::function<Tensor(const Tensor&)> f,
                  std::function<Tensor(const Tensor&, const Tensor&, const Tensor&)> backward,
                  const Tensor& x) {
  return call({std::move(f), std::move(backward)}, x);
}

}  // namespace noether::learn
