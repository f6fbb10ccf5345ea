#pragma once

// The multilayer perceptron: tanh between linear layers, y = W_L tanh(... tanh(W_1 x + b_1)) + b_L.

#include <cstdint>
#include <string>
#include <vector>

#include "learn/autodiff/params.h"
#include "learn/tensor/tensor.h"

namespace noether::learn {

// Configuration alone; the weights are Params named W1, b1, W2, ... with W_l [out, in], b_l [out].
struct Mlp {
  std::vector<std::int64_t> widths;  // input, hidden layers, output
  bool output_bias = false;

  int layers() const { return static_cast<int>(widths.size()) - 1; }
  bool has_bias(int layer) const { return layer < layers() || output_bias; }  // layers from 1

  // x [n, in] -> [n, out]
  Tensor operator()(const Params& params, const Tensor& x) const;
};

std::string weight_name(int layer);  // "W1"
std::string bias_name(int layer);    // "b1"

// The names of the weights of the last layer: {"W3"} or {"W3", "b3"}.
std::vector<std::string> last_layer(const Mlp& mlp);

// One layer: W h + b, or W h where it has no bias.
Tensor apply_layer(const Mlp& mlp, const Params& params, int layer, const Tensor& h);

// Orthogonal weights (Saxe et al. 2014: the Q of a normal matrix, columns signed by R's diagonal)
// and biases uniform within +-1/sqrt(in), a function of the seed alone.
Params initial_weights(const Mlp& mlp, std::uint64_t seed, DType dtype);

// Throws DataError where names or shapes of the weights are not those expected, or not those of the
// network.
void check_weights(const Params& expected, const Params& params);
void check_weights(const Mlp& mlp, const Params& params);

}  // namespace noether::learn
