#pragma once

// What is remembered while a function is differentiated. docs/autodiff.md explains levels.

#include <cstdint>
#include <memory>
#include <span>
#include <thread>
#include <vector>

#include "learn/autodiff/op.h"
#include "learn/tensor/tensor.h"

namespace noether::learn {

// One differentiation in progress, alive as long as the object. A trace made later lies within
// those made earlier: its level is higher, and its boxes are stripped first. It belongs to the
// thread that made it; several threads may each have their own.
class Trace {
 public:
  Trace();
  virtual ~Trace() = default;
  Trace(const Trace&) = delete;
  Trace& operator=(const Trace&) = delete;

  std::uint64_t level() const { return level_; }
  std::thread::id thread() const { return thread_; }

  // Boxes the output of `call`, whose inputs are `boxed` with this trace stripped off.
  virtual Tensor record(const Call& call, std::span<const Tensor> boxed) = 0;

  // Whether x carries a box of this trace.
  bool holds(const Tensor& x) const { return own_box(x) != nullptr; }
  // The tensor under this trace's box; a tensor without one is returned as it is.
  Tensor primal(const Tensor& x) const;

 protected:
  const Box* own_box(const Tensor& x) const;  // null where x is constant for this trace
  Tensor box(const Tensor& primal, std::size_t node, const Tensor& tangent);

 private:
  std::uint64_t level_;
  std::thread::id thread_ = std::this_thread::get_id();
  std::shared_ptr<int> life_;  // boxes hold a weak reference, and so notice that they outlived us
};

struct Box {
  Trace* trace;
  std::weak_ptr<int> life;
  Tensor primal;
  std::size_t node;  // reverse mode: the index on the tape
  Tensor tangent;    // forward mode: undefined for zero
};

// Reverse mode: a tape of calls in the order of their making.
class ReverseTrace : public Trace {
 public:
  Tensor watch(const Tensor& x);
  Tensor record(const Call& call, std::span<const Tensor> boxed) override;

  // Cotangents of `inputs`, which may lie anywhere on the tape, due to those of `outputs`: one loop
  // from the end of the tape. Unless `keep_tape`, each node gives up its values as soon as it was
  // used.
  Tensors pull(std::span<const Tensor> outputs, std::span<const Tensor> due_to_outputs,
               std::span<const Tensor> inputs, bool keep_tape = false);

 private:
  static constexpr std::size_t constant = SIZE_MAX;
  struct Node {
    Op op{};
    Attributes attributes;
    Tensors inputs;
    Tensor output;
    std::vector<std::size_t> parents;  // the node of each input, or `constant`; none for a leaf
  };
  std::vector<Node> tape_;
};

// Forward mode: every box carries its tangent, and there is no tape.
class ForwardTrace : public Trace {
 public:
  Tensor watch(const Tensor& x, const Tensor& tangent);
  Tensor record(const Call& call, std::span<const Tensor> boxed) override;
  Tensor tangent(const Tensor& x) const;  // zeros where x does not depend on what is watched
};

// x without any box: a constant for every trace.
Tensor stop_gradient(const Tensor& x);

}  // namespace noether::learn
