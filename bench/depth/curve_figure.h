#pragma once

// Fits of a curve, side by side.

#include <string>
#include <vector>

#include "bench/depth/noisy_curve.h"
#include "render/image.h"

namespace noether::bench {

struct CurveFit {
  std::string name;
  std::vector<double> x, y, bend;  // of the fit; bend is y''
};

// A column for each fit: the points that were learned, the truth and the fit; below it y'' of both.
render::Image curve_figure(const NoisyCurve& curve, const std::vector<CurveFit>& fits,
                           const std::string& caption);

}  // namespace noether::bench
