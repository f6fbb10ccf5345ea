#pragma once

#include <string>
#include <vector>

#include "bench/flow/plane_grid.h"
#include "render/image.h"

namespace noether::bench {

// One line of the picture: points that flow, and the density that they come to.
struct FlowPicture {
  std::string name = {};
  learn::Tensors frames = {};  // [n, 2] at each time
  learn::Tensor density = {};  // of the grid, [side^2, 1]
};

// A line for each flow: its points at each of the times, colored by the circle that they end on,
// then its density; a last line has the data and the true density. Densities share their colors.
render::Image flow_figure(const std::vector<FlowPicture>& flows, const std::vector<double>& times,
                          const PlaneGrid& grid, const learn::Tensor& data,
                          const std::string& caption);

}  // namespace noether::bench
