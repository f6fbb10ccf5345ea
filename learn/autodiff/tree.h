#pragma once

// The values that transforms take and give: a Tensor, several, Params, or a pair or tuple of such.
// Each can be taken apart into its leaves and put together again.

#include <concepts>
#include <span>
#include <tuple>
#include <utility>

#include "learn/autodiff/params.h"
#include "learn/tensor/tensor.h"

namespace noether::learn {

inline Tensors leaves(const Tensor& x) { return {x}; }
inline Tensors leaves(const Tensors& xs) { return xs; }
inline Tensors leaves(const Params& params) { return params.tensors(); }
template <class A, class B>
Tensors leaves(const std::pair<A, B>& pair) {
  Tensors all = leaves(pair.first);
  for (Tensor& x : leaves(pair.second)) all.push_back(std::move(x));
  return all;
}

// A value of the form of `like`, made of new leaves.
inline Tensor with_leaves(const Tensor&, std::span<const Tensor> values) { return values[0]; }
inline Tensors with_leaves(const Tensors&, std::span<const Tensor> values) {
  return {values.begin(), values.end()};
}
inline Params with_leaves(const Params& like, std::span<const Tensor> values) {
  return like.with_tensors(values);
}
template <class A, class B>
std::pair<A, B> with_leaves(const std::pair<A, B>& like, std::span<const Tensor> values) {
  const std::size_t of_first = leaves(like.first).size();
  return {with_leaves(like.first, values.first(of_first)),
          with_leaves(like.second, values.subspan(of_first))};
}

template <class... Xs>
Tensors leaves(const std::tuple<Xs...>& tuple) {
  Tensors all;
  const auto append = [&](const Tensors& xs) { all.insert(all.end(), xs.begin(), xs.end()); };
  std::apply([&](const Xs&... xs) { (append(leaves(xs)), ...); }, tuple);
  return all;
}
template <class... Xs>
std::tuple<Xs...> with_leaves(const std::tuple<Xs...>& like, std::span<const Tensor> values) {
  const auto take = [&](const auto& x) {
    const std::size_t own = leaves(x).size();
    const auto mine = values.first(own);
    values = values.subspan(own);
    return with_leaves(x, mine);
  };
  // braces: from left to right
  return std::apply([&](const Xs&... xs) { return std::tuple<Xs...>{take(xs)...}; }, like);
}

template <class X>
concept Tree = requires(const X& x, std::span<const Tensor> values) {
  { leaves(x) } -> std::same_as<Tensors>;
  { with_leaves(x, values) } -> std::same_as<X>;
};

// x without values: what tells its form.
template <Tree X>
X husks(const X& x) {
  Tensors bare;
  for (const Tensor& leaf : leaves(x)) bare.push_back(leaf.husk());
  return with_leaves(x, bare);
}

}  // namespace noether::learn
