#pragma once

// The scenes, each in a file of its own in this folder.

#include <span>

#include "render/films/scene.h"

namespace noether::render::scenes {

// The window about the origin, whatever the constants are.
template <int width_in_tenths>
Window square(std::span<const double> /*constants*/) {
  return {.centre = {}, .width = width_in_tenths / 10.0};
}

// springs.cpp
Scene spring();
Scene duffing();
Scene oscillator_2d();
Scene spring_ring();
// pendulums.cpp
Scene pendulum();
Scene double_pendulum();
// bodies.cpp: in a plane
Scene two_body();
Scene three_body();
Scene planets();
Scene n_body();
Scene kepler();
Scene henon_heiles();
Scene charged_particle();
// atoms.cpp
Scene lennard_jones();
// top.cpp
Scene rigid_body();

}  // namespace noether::render::scenes
