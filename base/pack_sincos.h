#pragma once

#include "base/pack.h"

namespace noether::base {

struct SinCos {
  Pack sin;
  Pack cos;
};

// Sine and cosine of each lane (rad) to about one unit in the last place.
//
// Up to |x| = 1e5 by reduction to [-pi/4, pi/4] with pi/2 in two parts (Cody & Waite, "Software
// manual for the elementary functions", 1980) and the minimax polynomials of Sun's fdlibm; above,
// lane by lane by the C library.
SinCos sincos(const Pack& x);

}  // namespace noether::base
