#pragma once

// Long short-term memory (Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al.
// 2000).

#include <cstdint>
#include <string>

#include "learn/autodiff/params.h"
#include "learn/nn/layers.h"

namespace noether::learn {

struct LstmState {
  Tensor h, c;  // [n, memory]: the output, and what is remembered
};

//   (i, f, o, g) = W x + b + U h + d
//   c' = sigmoid(f) c + sigmoid(i) tanh(g)
//   h' = sigmoid(o) tanh(c')
//
// with "NAME.W" [4 memory, in], "NAME.U" [4 memory, memory] and "NAME.b", "NAME.d" [4 memory].
struct LstmCell {
  std::string name;
  std::int64_t in = 0, memory = 0;

  // the part f of b is 1: nothing is forgotten at first
  void add_to(InitialWeights& weights) const;
  LstmState start(std::int64_t n, DType dtype) const;  // zeros
  // x is [n, in]
  LstmState operator()(const Params& params, const Tensor& x, const LstmState& before) const;
};

}  // namespace noether::learn
