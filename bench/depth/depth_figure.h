#pragma once

// Fits of a motion in the plane, side by side.

#include <span>
#include <string>
#include <vector>

#include "learn/tensor/tensor.h"
#include "render/image.h"

namespace noether::bench {

// Points of a motion in the plane and their times.
struct PlaneMotion {
  std::vector<double> t = {}, x = {}, y = {};
};
// Of states [1, 2], one a time.
PlaneMotion plane_motion(std::span<const double> times, const learn::Tensors& states);

struct PlaneFit {
  std::string name;
  PlaneMotion path;
};

struct PlaneFits {
  std::string title = {}, caption = {};
  PlaneMotion truth = {}, observed = {};
  std::vector<PlaneFit> fits = {};
  double reach = 2.4;  // of both axes of the plane, from 0
};

// A column for each fit: the plane with the observations, the truth and the path; below it the
// first coordinate against time.
render::Image depth_figure(const PlaneFits& figure);

}  // namespace noether::bench
