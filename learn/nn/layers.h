#pragma once

// The layers of image models: configuration alone, and the weights that each finds in Params under
// its own name.

#include <cstdint>
#include <string>

#include "learn/autodiff/ops.h"
#include "learn/autodiff/params.h"

namespace noether::learn {

// Weights to begin training with, a function of the seed and of the order in which they are added.
class InitialWeights {
 public:
  InitialWeights(std::uint64_t seed, DType dtype) : seed_(seed), dtype_(dtype) {}

  // uniform within +-1 / sqrt(fan_in), where an output of the layer is a sum over fan_in values
  void add(const std::string& name, const Shape& shape, std::int64_t fan_in);
  void add_full(const std::string& name, const Shape& shape, double value);
  // gives one value to those in [begin, end) of a vector that was added
  void set(const std::string& name, std::int64_t begin, std::int64_t end, double value);

  const Params& params() const { return params_; }

 private:
  std::uint64_t seed_;
  DType dtype_;
  Params params_;
};

// W x + b, [n, in] -> [n, out], with "NAME.W" [out, in] and "NAME.b" [out].
struct LinearLayer {
  std::string name;
  std::int64_t in = 0, out = 0;

  void add_to(InitialWeights& weights) const;
  Tensor operator()(const Params& params, const Tensor& x) const;
};

// A convolution 4 x 4 in steps of 2, which halves images: [n, in, h, w] -> [n, out, h/2, w/2], with
// "NAME.W" [out, in, 4, 4] and "NAME.b" [out]. h and w are even.
struct HalvingLayer {
  std::string name;
  std::int64_t in = 0, out = 0;

  void add_to(InitialWeights& weights) const;
  Tensor operator()(const Params& params, const Tensor& x) const;
};

// The transposed convolution 4 x 4 in steps of 2, which doubles images: [n, in, h, w] ->
// [n, out, 2 h, 2 w], with "NAME.W" [in, out, 4, 4] and "NAME.b" [out].
struct DoublingLayer {
  std::string name;
  std::int64_t in = 0, out = 0;

  void add_to(InitialWeights& weights) const;
  Tensor operator()(const Params& params, const Tensor& x) const;
};

}  // namespace noether::learn
