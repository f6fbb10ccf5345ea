#pragma once

// All fits of the spiral, side by side.

#include <string>
#include <utility>
#include <vector>

#include "bench/depth/spiral.h"
#include "render/image.h"

namespace noether::bench {

// A path of predictions, [1, 2] at each of spiral.other_times.
struct DepthFit {
  std::string name;
  learn::Tensors path;
};

// A column for each fit: the plane with the observations, the truth and the path; below it the
// first coordinate against time, up to where is predicted.
render::Image depth_figure(const Spiral& spiral, const std::vector<DepthFit>& fits,
                           const std::string& caption);

}  // namespace noether::bench
