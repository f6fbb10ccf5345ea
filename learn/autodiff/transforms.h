#pragma once

// Derivatives of functions, as functions. Each transform nests in any other, to any order.
//
// A function may use tensors beside its argument: those are constants for the transform, and remain
// variables of any transform around it.

#include <functional>
#include <memory>

#include "learn/autodiff/trace.h"
#include "learn/autodiff/tree.h"

namespace noether::learn {

template <Tree X, class F>
using Result = std::invoke_result_t<F, const X&>;

template <class Value, class Tangent>
struct ValueAndTangent {
  Value value;
  Tangent tangent;
};
template <class X>
struct ValueAndGrad {
  Tensor value;
  X grad;
};
template <class X, class Y>
struct ValueAndPullback {
  Y value;
  std::function<X(const Y& cotangent)> pullback;
};

// What a pullback does with its tape: keep it for the next call, or free it while it runs. Called
// again, one that freed its tape throws std::logic_error.
enum class Tape { kept, freed };

// Throws ShapeError, beginning with `what`, where the numbers differ.
void check_count(const char* what, std::size_t given, std::size_t expected);

// Forward mode: f(x) and its directional derivative along `tangent`.
template <Tree X, class F>
auto jvp(F&& f, const X& x, const X& tangent) -> ValueAndTangent<Result<X, F>, Result<X, F>> {
  ForwardTrace trace;
  Tensors boxed, values, tangents;
  const Tensors directions = leaves(tangent);
  check_count("jvp: the number of tangents", directions.size(), leaves(x).size());
  for (const Tensor& leaf : leaves(x)) boxed.push_back(trace.watch(leaf, directions[boxed.size()]));
  const auto y = f(with_leaves(x, boxed));
  for (const Tensor& leaf : leaves(y)) {
    values.push_back(trace.primal(leaf));
    tangents.push_back(trace.tangent(leaf));
  }
  return {with_leaves(y, values), with_leaves(y, tangents)};
}

// A function run once under a reverse trace: its leaves and the means to go back.
class Recorded {
 public:
  using Function = std::function<Tensors(const Tensors&)>;
  Recorded(const Function& f, const Tensors& x);
  Tensors values() const;
  Tensors pull(const Tensors& cotangents, Tape tape);

 private:
  std::unique_ptr<ReverseTrace> trace_;
  Tensors inputs_, outputs_;
};

// Reverse mode: f(x) and the map from a cotangent of f(x) to that of x.
template <Tree X, class F>
auto vjp(F&& f, const X& x, Tape tape = Tape::kept) -> ValueAndPullback<X, Result<X, F>> {
  using Y = Result<X, F>;
  Y like;
  const auto recorded = std::make_shared<Recorded>(
      [&](const Tensors& boxed) {
        like = f(with_leaves(x, boxed));
        return leaves(like);
      },
      leaves(x));
  return {with_leaves(like, recorded->values()), [recorded, x, tape](const Y& cotangent) {
            return with_leaves(x, recorded->pull(leaves(cotangent), tape));
          }};
}

// f(x), a single value, and its gradient with the shapes of x. Throws ShapeError where f(x) has
// several values.
template <Tree X, class F>
ValueAndGrad<X> value_and_grad(F&& f, const X& x) {
  Recorded recorded([&](const Tensors& boxed) { return leaves(f(with_leaves(x, boxed))); },
                    leaves(x));
  const Tensors values = recorded.values();
  const std::int64_t count = values.empty() ? 0 : values[0].size();
  check_count("grad: the number of values to differentiate", static_cast<std::size_t>(count), 1);
  return {values[0], with_leaves(x, recorded.pull({ones_like(values[0])}, Tape::freed))};
}

template <Tree X, class F>
X grad(F&& f, const X& x) {
  return value_and_grad(f, x).grad;
}

// The product of the Hessian of f at x with v, forward over reverse.
template <Tree X, class F>
X hvp(F&& f, const X& x, const X& v) {
  return jvp([&](const X& at) { return grad(f, at); }, x, v).tangent;
}

}  // namespace noether::learn
