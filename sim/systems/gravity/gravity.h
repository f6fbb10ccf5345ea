#pragma once

// Point masses in a plane under gravity: the one place that knows its law.
//
//   r_i'' = sum over j of G m_j (r_j - r_i) / |r_j - r_i|^3
//
// The state of n bodies is x1, y1, ..., xn, yn, vx1, vy1, ..., vxn, vyn; their constants are the n
// masses and G. Energy, momentum and angular momentum are conserved.

#include "sim/system.h"

namespace noether::sim {

// Such a system, but for its name, title, citation, starts and times. `constants` are m1, ..., mn,
// G.
System gravity(std::vector<Constant> constants);

}  // namespace noether::sim
