#include "learn/autodiff/transforms.h"

#include <fmt/format.h>

#include <vector>

#include "base/error.h"
#include "learn/autodiff/ops.h"

namespace noether::learn {

void check_count(const char* what, std::size_t given, std::size_t expected) {
  if (given != expected) {
    throw base::ShapeError(fmt::format("{} is {}, expected was {}", what, given, expected));
  }
}

Recorded::Recorded(const Function& f, const Tensors& x) : trace_(std::make_unique<ReverseTrace>()) {
  for (const Tensor& leaf : x) inputs_.push_back(trace_->watch(leaf));
  outputs_ = f(inputs_);
}

Tensors Recorded::values() const {
  Tensors bare;
  for (const Tensor& y : outputs_) bare.push_back(trace_->primal(y));
  return bare;
}

Tensors Recorded::pull(const Tensors& cotangents, bool keep_tape) {
  check_count("vjp: the number of cotangents", cotangents.size(), outputs_.size());
  for (std::size_t i = 0; i < outputs_.size(); ++i) {
    if (cotangents[i].defined() && cotangents[i].shape() != outputs_[i].shape()) {
      throw base::ShapeError("vjp: a cotangent of shape " + to_string(cotangents[i].shape()) +
                             " was given for a value of shape " + to_string(outputs_[i].shape()));
    }
  }
  return trace_->pull(outputs_, cotangents, inputs_, keep_tape);
}

Tensor jacobian(const std::function<Tensor(const Tensor&)>& f, const Tensor& x) {
  const auto [value, pullback] = vjp(f, x);
  std::vector<std::int64_t> extents(value.shape().extents().begin(), value.shape().extents().end());
  extents.insert(extents.end(), x.shape().extents().begin(), x.shape().extents().end());
  Tensors rows;
  for (std::int64_t i = 0; i < value.size(); ++i) {
    const Tensor one = Tensor::full({1}, 1, x.dtype());
    const Tensor unit = reshape(pad(one, 0, i, value.size() - i - 1), value.shape());
    rows.push_back(reshape(pullback(unit), {1, x.size()}));
  }
  return reshape(concat(rows, 0), Shape(extents));
}

}  // namespace noether::learn
