#include "learn/autodiff/trace.h"

#include <atomic>
#include <stdexcept>
#include <utility>

#include "base/error.h"
#include "learn/autodiff/ops.h"

namespace noether::learn {

namespace {

std::uint64_t next_level() {
  // the order of creation, nothing more: no state is kept here
  static std::atomic<std::uint64_t> last{0};
  return ++last;
}

// The trace of highest level among the inputs, or null.
Trace* innermost(std::span<const Tensor> inputs) {
  Trace* found = nullptr;
  for (const Tensor& x : inputs) {
    if (x.box() == nullptr) continue;
    if (x.box()->life.expired()) {
      throw std::logic_error(
          "a tensor outlived the differentiation it belongs to; "
          "return it from the function or keep its stop_gradient");
    }
    Trace* trace = x.box()->trace;
    if (trace->thread() != std::this_thread::get_id()) {
      throw std::logic_error("a tensor is under differentiation by another thread");
    }
    if (found == nullptr || trace->level() > found->level()) found = trace;
  }
  return found;
}

}  // namespace

Tensor apply(Op op, const Tensors& inputs, const Attributes& attributes) {
  Trace* trace = innermost(inputs);
  if (trace == nullptr) return rule(op).kernel({op, attributes, inputs, {}});
  Tensors stripped;
  stripped.reserve(inputs.size());
  for (const Tensor& x : inputs) stripped.push_back(trace->primal(x));
  const Tensor output = apply(op, stripped, attributes);
  return trace->record({op, attributes, stripped, output}, inputs);
}

Trace::Trace() : level_(next_level()), life_(std::make_shared<int>()) {}

const Box* Trace::own_box(const Tensor& x) const {
  const Box* box = x.box().get();
  // a dead trace may have lain at the same address
  return box != nullptr && box->trace == this && !box->life.expired() ? box : nullptr;
}

Tensor Trace::primal(const Tensor& x) const {
  const Box* box = own_box(x);
  return box != nullptr ? box->primal : x;
}

Tensor Trace::box(const Tensor& primal, std::size_t node, const Tensor& tangent) {
  return Tensor::boxed(std::make_shared<const Box>(Box{this, life_, primal, node, tangent}),
                       primal);
}

Tensor ReverseTrace::watch(const Tensor& x) {
  tape_.emplace_back();
  return box(x, tape_.size() - 1, {});
}

Tensor ReverseTrace::record(const Call& call, std::span<const Tensor> boxed) {
  const Keep keep = rule(call.op).keep;
  const bool keeps_inputs = keep == Keep::inputs || keep == Keep::everything;
  const bool keeps_output = keep == Keep::output || keep == Keep::everything;
  Node node{call.op, call.attributes, Tensors(boxed.size()),
            keeps_output ? call.output : call.output.husk(),
            std::vector<std::size_t>(boxed.size(), constant)};
  for (std::size_t i = 0; i < boxed.size(); ++i) {
    if (const Box* input = own_box(boxed[i])) node.parents[i] = input->node;
    const bool is_kept = keeps_inputs || (keep == Keep::last_input && i + 1 == boxed.size());
    node.inputs[i] = is_kept ? call.inputs[i] : call.inputs[i].husk();
  }
  tape_.push_back(std::move(node));
  return box(call.output, tape_.size() - 1, {});
}

Tensors ReverseTrace::pull(std::span<const Tensor> outputs, std::span<const Tensor> due_to_outputs,
                           std::span<const Tensor> inputs, bool keep_tape) {
  Tensors due(tape_.size());
  for (std::size_t k = 0; k < outputs.size(); ++k) {
    if (const Box* box = own_box(outputs[k])) {
      due[box->node] = accumulate(std::move(due[box->node]), due_to_outputs[k]);
    }
  }
  std::vector<bool> asked(tape_.size());
  for (const Tensor& x : inputs) asked[own_box(x)->node] = true;
  for (std::size_t n = tape_.size(); n-- > 0;) {
    Node& node = tape_[n];
    if (node.parents.empty()) continue;  // a leaf keeps what it is due
    if (const Tensor cotangent = due[n]; cotangent.defined()) {
      if (node.inputs.empty()) throw std::logic_error("pull: an earlier one did not keep the tape");
      if (!asked[n]) due[n] = {};
      std::vector<bool> wanted;
      for (const std::size_t parent : node.parents) wanted.push_back(parent != constant);
      Tensors shares =
          cotangents({node.op, node.attributes, node.inputs, node.output}, wanted, cotangent);
      for (std::size_t i = 0; i < shares.size(); ++i) {
        if (!wanted[i]) continue;
        Tensor& of_parent = due[node.parents[i]];
        of_parent = accumulate(std::move(of_parent), std::move(shares[i]));
      }
    }
    if (!keep_tape) node = Node{{}, {}, {}, {}, std::move(node.parents)};
  }
  Tensors result;
  for (const Tensor& x : inputs) {
    const Tensor& mine = due[own_box(x)->node];
    result.push_back(mine.defined() ? mine : zeros_like(x));
  }
  return result;
}

Tensor ForwardTrace::watch(const Tensor& x, const Tensor& tangent) {
  if (tangent.shape() != x.shape() || tangent.dtype() != x.dtype()) {
    throw base::ShapeError("jvp: a tangent has the shape and type of what it is a tangent of");
  }
  return box(x, 0, tangent);
}

Tensor ForwardTrace::record(const Call& call, std::span<const Tensor> boxed) {
  Tensors tangents;
  for (const Tensor& x : boxed) {
    const Box* input = own_box(x);
    tangents.push_back(input != nullptr ? input->tangent : Tensor());
  }
  return box(call.output, 0, learn::tangent(call, tangents));
}

Tensor ForwardTrace::tangent(const Tensor& x) const {
  const Box* box = own_box(x);
  return box != nullptr && box->tangent.defined() ? box->tangent : zeros_like(x);
}

Tensor stop_gradient(const Tensor& x) {
  return x.box() == nullptr ? x : stop_gradient(x.box()->primal);
}

}  // namespace noether::learn
