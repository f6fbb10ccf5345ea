#pragma once

// LPIPS: how different two frames look to a network that was trained to recognise things. R. Zhang,
// P. Isola, A. A. Efros, E. Shechtman, O. Wang, "The unreasonable effectiveness of deep features as
// a perceptual metric", CVPR 2018; version 0.1 with AlexNet, without dropout.
//
// A frame x in [0, 1] becomes (2 x - 1 - shift) / scale. Its features f_l are what comes after the
// ReLU of each of five convolutions, divided by their length over the channels. Then
//   lpips = sum_l mean over pixels of sum over channels of lin_l (f_l - f'_l)^2
//
// The weights are not part of this program, and never random: the user gives a file. It is HDF5
// with these float32 arrays:
//   convL/weight  (64,3,11,11) (192,64,5,5) (384,192,3,3) (256,384,3,3) (256,256,3,3)  of L = 1..5
//   convL/bias    (64) (192) (384) (256) (256)
//   linK          (64) (192) (384) (256) (256)  of K = 0..4, never negative
//   shift, scale  (3)
// In PyTorch they are features.{0,3,6,8,10} of torchvision's alexnet, lin{0..4}.model.1.weight and
// scaling_layer.{shift,scale} of the package lpips, without the axes of extent 1.

#include <filesystem>
#include <string>
#include <vector>

#include "learn/tensor/tensor.h"

namespace noether::bench {

struct LpipsLayer {
  learn::Tensor weight;  // [k, c, kh, kw]
  learn::Tensor bias;    // [k]
  learn::Tensor lin;     // [k]
};

struct LpipsWeights {
  std::vector<LpipsLayer> layers;  // five
  learn::Tensor shift;             // [3]
  learn::Tensor scale;             // [3]
  std::string sha256 = {};         // of the file, to be recorded with what is measured
};

// Throws DataError where the file cannot be read, or an array of it is missing, has another type or
// shape, is not finite, or has a sign that no trained one has.
LpipsWeights read_lpips_weights(const std::filesystem::path& path);

// n numbers of at least 0, one a frame: 0 for equal frames. Frames are [n, c, h, w] with values in
// [0, 1], in colour or grey (c = 3 or 1), at least 31 x 31 px; they are computed in the type of the
// weights. Throws ShapeError.
std::vector<double> lpips(const LpipsWeights& weights, const learn::Tensor& predicted,
                          const learn::Tensor& truth);

}  // namespace noether::bench
