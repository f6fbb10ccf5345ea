#pragma once

// Weights as a value: an ordered list of named tensors.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "learn/tensor/tensor.h"

namespace noether::learn {

// Models hold configuration only and are given these; optimisers return new ones.
class Params {
 public:
  using Entry = std::pair<std::string, Tensor>;

  Params() = default;
  Params(std::initializer_list<Entry> entries) : entries_(entries) {}

  // Throws UsageError where there is no such name.
  const Tensor& operator[](std::string_view name) const;
  bool contains(std::string_view name) const;
  void add(std::string name, Tensor value);                       // at the end; the name is new
  Params with(std::string_view name, const Tensor& value) const;  // one value replaced

  std::size_t size() const { return entries_.size(); }
  auto begin() const { return entries_.begin(); }
  auto end() const { return entries_.end(); }
  Tensors tensors() const;                                    // in order
  Params with_tensors(std::span<const Tensor> values) const;  // the same names

 private:
  std::vector<Entry> entries_;
};

// {name: f(value)} and {name: f(a's value, b's value)}; a and b have equal names.
template <class F>
Params map(const Params& params, F f) {
  Params made;
  for (const auto& [name, value] : params) made.add(name, f(value));
  return made;
}
template <class F>
Params zip(const Params& a, const Params& b, F f) {
  Params made;
  for (const auto& [name, value] : a) made.add(name, f(value, b[name]));
  return made;
}

Params stop_gradient(const Params& params);
Params cast(const Params& params, DType dtype);
std::int64_t count(const Params& params);                            // of single weights
Params add_scaled(const Params& a, double factor, const Params& b);  // a + factor b
Tensor dot(const Params& a, const Params& b);                        // sum of all products

// All values in one vector [count], and back.
Tensor ravel(const Tensors& values);
Tensors unravel(const Tensors& like, const Tensor& vector);

}  // namespace noether::learn
