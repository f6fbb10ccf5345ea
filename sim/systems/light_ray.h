#pragma once

// A ray of light in the Luneburg lens, n^2 = 2 - r^2, the formula kept beyond the rim r = 1. By arc
// length s, from d/ds (n dr/ds) = grad n with the unit tangent t = (cos a, sin a):
//
//   x' = cos a,   y' = sin a,   a' = (t x grad n) / n = (x sin a - y cos a) / n^2.
//
// The lens looks the same from every angle, so n (r x t), the angular momentum of the ray, is
// conserved (Bouguer's law). Parallel rays entering along +x all meet in the point (1, 0). In terms
// of sigma with ds = n dsigma the ray is x = -sqrt(1 - b^2) cos sigma + sin sigma, y = b cos sigma.
//
// Luneburg, "Mathematical theory of optics" (Brown University, 1944); Born and Wolf, "Principles of
// optics", section 3.2.

#include "sim/system.h"

namespace noether::sim {

System light_ray();

}  // namespace noether::sim
