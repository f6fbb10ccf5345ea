#pragma once

#include "render/plots/plot.h"
#include "render/plots/trajectory_figure.h"

namespace noether::render {

// Where the states go, in a plane of two coordinates: the orbits of both bodies where coordinates
// are x1, y1, x2, y2; rays in the plane where they are x, y; both angles against one another for
// q1, q2; else the first coordinate against the second (a single one against time). Colors run
// with the first invariant.
void draw_phase_portrait(Canvas& canvas, const Rectangle& area, const TrajectoryFigure& figure);

}  // namespace noether::render
