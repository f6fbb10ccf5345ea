#pragma once

// The oscillator of Duffing, "Erzwungene Schwingungen bei veraenderlicher Eigenfrequenz", 1918,
// without driving:
//
//   H = p^2 / 2 + alpha q^2 / 2 + beta q^4 / 4,   q' = p,   p' = -alpha q - beta q^3 - friction p.
//
// At the defaults it has two wells, at q = -1 and 1. Without friction, the energy is conserved.
// With alpha and beta positive, from rest at A: q = A cn(w t | m), w^2 = alpha + beta A^2,
// m = beta A^2 / (2 w^2).

#include "sim/system.h"

namespace noether::sim {

System duffing();

}  // namespace noether::sim
