#pragma once

// Pictures of a trajectory file: where the states go, and what stays the same.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "render/image.h"

namespace noether::render {

struct Series {
  std::string name;
  std::string unit;
  std::vector<double> values;  // (N, T)
  bool conserved = true;       // else it may fall
};

struct TrajectoryFigure {
  std::string title;     // "pendulum, 50 trajectories of 45 points"
  std::string subtitle;  // equations or file name
  std::string time_name;
  std::string time_unit;
  std::vector<std::string> coordinate_names;  // D
  std::vector<std::string> coordinate_units;  // D
  std::vector<double> time;                   // (T)
  std::vector<double> state;                  // (N, T, D)
  std::vector<double> observation;            // (N, T, D), or empty
  std::vector<Series> invariants;
};

// One picture: left, the phase portrait (q against p, or the orbits in the plane where coordinates
// are x, y) of up to 25 trajectories with their noisy observations as faint points; right, each
// coordinate of one trajectory against time above the drift |I(t) - I(0)| of each invariant on a
// logarithmic axis (median and maximum over trajectories; the value itself, linear, where it is not
// conserved).
Image draw_trajectories(const TrajectoryFigure& figure);

}  // namespace noether::render
