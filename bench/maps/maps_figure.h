#pragma once

// Film strips of processes, with the cotangents of their points, and their charges.

#include <array>
#include <string>
#include <vector>

#include "bench/maps/physics.h"
#include "render/image.h"

namespace noether::bench {

struct ChargeChart {
  std::string title;
  std::vector<double> ChargeCurves::*charge;
};

// Maps, or physics in their form.
struct DrawnProcess {
  std::string name = {}, description = {};
  std::vector<int> cluster = {};  // of each point
  Charges charges = {};
  std::array<ChargeChart, 2> charts = {ChargeChart{"P, x", &ChargeCurves::momentum_x},
                                       ChargeChart{"J", &ChargeCurves::angular}};
  std::string step_name = "maps applied";
  double step = 1;           // in the unit of that name
  double arrow = -1;         // the lines from the points: so many times their cotangents
  double reach = 1.15;       // of the plane that a frame shows, from 0
  bool shows_paths = false;  // of the points so far
  double lens = 0;           // a circle about the origin; 0: none
};

// Bumps have the charts of P and J, linear maps of D and J.
DrawnProcess drawn(const MapScene& scene, const Charges& charges);
// Its lines go along the momenta.
DrawnProcess drawn(const PhysicalMotion& motion);

// A line for each process: its points at six of its steps, a line at each; then its two charts, of
// all points (black) and of each cluster.
render::Image maps_figure(const std::vector<DrawnProcess>& processes, const std::string& caption);

// One process as an animation, a picture after each step.
std::vector<render::Image> maps_animation(const DrawnProcess& process);

}  // namespace noether::bench
