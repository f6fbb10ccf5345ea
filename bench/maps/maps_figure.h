#pragma once

// Film strips of processes of maps, with the cotangents of the points, and their charges.

#include <string>
#include <utility>
#include <vector>

#include "bench/maps/charges.h"
#include "render/image.h"

namespace noether::bench {

// A line for each process: its points after 0, 10, ..., 50 maps, an arrow -a at each; then P (x)
// and J against the layer, of all points (black) and of each cluster.
render::Image maps_figure(const std::vector<std::pair<MapScene, Charges>>& processes,
                          const std::string& caption);

// One process as an animation, a picture after each map.
std::vector<render::Image> maps_animation(const MapScene& scene, const Charges& charges);

}  // namespace noether::bench
