#include "learn/autodiff/params.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "base/error.h"
#include "learn/autodiff/ops.h"
#include "learn/autodiff/trace.h"

namespace noether::learn {

namespace {

auto find(const std::vector<Params::Entry>& entries, std::string_view name) {
  return std::ranges::find(entries, name, &Params::Entry::first);
}

}  // namespace

const Tensor& Params::operator[](std::string_view name) const {
  const auto found = find(entries_, name);
  if (found == entries_.end())
    throw base::UsageError(fmt::format("no weight is called '{}'", name));
  return found->second;
}

bool Params::contains(std::string_view name) const {
  return find(entries_, name) != entries_.end();
}

void Params::add(std::string name, Tensor value) {
  if (contains(name)) throw std::logic_error("two weights are called '" + name + "'");
  entries_.emplace_back(std::move(name), std::move(value));
}

Params Params::with(std::string_view name, const Tensor& value) const {
  static_cast<void>((*this)[name]);  // throws where there is none
  return map(*this, [&, n = std::size_t{0}](const Tensor& old) mutable {
    return entries_[n++].first == name ? value : old;
  });
}

Tensors Params::tensors() const {
  Tensors values;
  for (const auto& [name, value] : entries_) values.push_back(value);
  return values;
}

Params Params::with_tensors(std::span<const Tensor> values) const {
  return map(*this, [&, n = std::size_t{0}](const Tensor&) mutable { return values[n++]; });
}

Params stop_gradient(const Params& params) {
  return map(params, [](const Tensor& x) { return stop_gradient(x); });
}

Params cast(const Params& params, DType dtype) {
  return map(params, [&](const Tensor& x) { return cast(x, dtype); });
}

std::int64_t count(const Params& params) {
  std::int64_t sum = 0;
  for (const auto& [name, value] : params) sum += value.size();
  return sum;
}

Params add_scaled(const Params& a, double factor, const Params& b) {
  return zip(a, b, [&](const Tensor& x, const Tensor& y) { return add(x, scale(y, factor)); });
}

Tensor dot(const Params& a, const Params& b) {
  Tensor total;
  for (const auto& [name, value] : a) {
    const Tensor term = sum(mul(value, b[name]));
    total = total.defined() ? add(total, term) : term;
  }
  return total;
}

Tensor ravel(const Tensors& values) {
  Tensors flat;
  for (const Tensor& x : values) flat.push_back(reshape(x, {x.size()}));
  return concat(flat, 0);
}

Tensors unravel(const Tensors& like, const Tensor& vector) {
  Tensors values;
  std::int64_t begin = 0;
  for (const Tensor& x : like) {
    values.push_back(reshape(slice(vector, 0, begin, begin + x.size()), x.shape()));
    begin += x.size();
  }
  return values;
}

}  // namespace noether::learn
