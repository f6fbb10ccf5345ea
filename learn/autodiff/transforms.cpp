#include "learn/autodiff/transforms.h"

#include <fmt/format.h>

#include "base/error.h"

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

Tensors Recorded::pull(const Tensors& cotangents, Tape tape) {
  check_count("vjp: the number of cotangents", cotangents.size(), outputs_.size());
  for (std::size_t i = 0; i < outputs_.size(); ++i) {
    if (cotangents[i].defined() && cotangents[i].shape() != outputs_[i].shape()) {
      throw base::ShapeError("vjp: a cotangent of shape " + to_string(cotangents[i].shape()) +
                             " was given for a value of shape " + to_string(outputs_[i].shape()));
    }
  }
  return trace_->pull(outputs_, cotangents, inputs_, tape == Tape::kept);
}

}  // namespace noether::learn
