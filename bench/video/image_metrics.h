#pragma once

// How near predicted frames are to the true ones. Frames are [n, c, h, w] with values in [0, 1],
// float32 or float64; each function returns n numbers, one a frame, computed in float64. Colour is
// the mean over channels. All throw ShapeError where the two are not of one such shape.

#include <vector>

#include "learn/tensor/tensor.h"

namespace noether::bench {

// Mean squared error over channels and pixels.
std::vector<double> mean_squared_error(const learn::Tensor& predicted, const learn::Tensor& truth);

// Peak signal-to-noise ratio in dB: -10 log10(mse), since the peak is 1. Infinity for equal frames.
// decibels: the same of mean squared errors.
std::vector<double> psnr(const learn::Tensor& predicted, const learn::Tensor& truth);
std::vector<double> decibels(const std::vector<double>& mse);

// Structural similarity, at most 1. Z. Wang, A. C. Bovik, H. R. Sheikh, E. P. Simoncelli, "Image
// quality assessment", IEEE Trans. Image Process. 13:600 (2004): the mean over all windows that lie
// inside the frame of
//   (2 mx my + C1)(2 cov + C2) / ((mx^2 + my^2 + C1)(vx + vy + C2)),  C1 = 0.01^2, C2 = 0.03^2.
// Two definitions of the window are in use:
//   ssim          11 x 11 Gaussian of sigma 1.5, as in the paper; in scikit-image
//                 gaussian_weights=True, sigma=1.5, use_sample_covariance=False, data_range=1
//   ssim_uniform  7 x 7 of equal weights, variances divided by 48: scikit-image's default
// Throw ShapeError for frames smaller than the window.
std::vector<double> ssim(const learn::Tensor& predicted, const learn::Tensor& truth);
std::vector<double> ssim_uniform(const learn::Tensor& predicted, const learn::Tensor& truth);

}  // namespace noether::bench
