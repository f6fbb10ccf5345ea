#pragma once

// What a layer learned about how its weights are shared, beside the truth.

#include <string>
#include <vector>

#include "learn/tensor/tensor.h"
#include "render/image.h"

namespace noether::bench {

// Matrices as pictures in a line. A signed one is blue below zero and red above; others go from
// dark to light. Each has its own scale, up to its largest number.
struct MatrixPicture {
  std::string title;
  learn::Tensor matrix;  // [rows, columns]
  bool is_signed = false;
  int pixel = 3;  // of a number
};
render::Image sharing_figure(const std::vector<MatrixPicture>& pictures,
                             const std::string& caption);

}  // namespace noether::bench
