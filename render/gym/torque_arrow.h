#pragma once

#include "render/raster.h"

namespace noether::render {

// A circular arrow filling size_px x size_px: an open ring that starts at the top, runs
// right and down around the centre, and ends in a head on the left that points up.
Mask torque_arrow(int size_px);

}  // namespace noether::render
