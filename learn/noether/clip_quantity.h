#pragma once

// What is to be conserved along a film, and the Noether loss of a predicted one.

#include <functional>

#include "learn/autodiff/params.h"
#include "learn/noether/loss.h"
#include "learn/train/clips.h"

namespace noether::learn {

// Numbers of every two consecutive frames of n clips of T frames: [n, T - 1, k]. Number j is of
// frames j and j + 1, and may count the actions before. Clips are independent of each other. phi
// may be empty.
using ClipQuantity = std::function<Tensor(const Params& phi, const Clips& clips)>;

// Residuals [n, (T - H) k] of `values` [n, T - 1, k] where the first H >= 2 frames are real. Of the
// numbers j >= H - 1, which a prediction has a part in:
//   anchored   c_j - the mean of c_0, ..., c_{H-2}
//   previous   c_j - c_{j-1}
// Throws UsageError for another form, ShapeError where no number is left.
Tensor clip_residuals(Form form, const Tensor& values, std::int64_t history);

// Two 5 x 5 convolutions of two stacked frames in steps of 2, tanh after each, and a linear layer
// to `outputs` numbers (Alet et al. 2021, appendix). It sees no action.
struct ConvQuantity {
  std::int64_t channels = 1, size = 32;  // of a frame, px
  std::int64_t width = 8, outputs = 64;

  // Uniform within +-1/sqrt(inputs of a unit), a function of the seed alone.
  Params init(std::uint64_t seed, DType dtype) const;
  Tensor operator()(const Params& phi, const Clips& clips) const;  // [n, T - 1, outputs]
};

// T frames [n, c, h, w] as one film [n, T, c, h, w]; and as [n (T - 1), 2 c, h, w], each frame
// stacked upon the next.
Tensor film_of(const Tensors& frames);
Tensor frame_pairs(const Tensors& frames);

}  // namespace noether::learn
