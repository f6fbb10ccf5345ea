#pragma once

// Prey x and predators y (Lotka, "Analytical note on certain rhythmic relations in organic
// systems", PNAS 6:410, 1920; Volterra, 1926):
//
//   x' = x (alpha - beta y),   y' = y (delta x - gamma).
//
// delta x - gamma log x + beta y - alpha log y is conserved. Small oscillations about
// (gamma / delta, alpha / beta) have the period 2 pi / sqrt(alpha gamma).

#include "sim/system.h"

namespace noether::sim {

System lotka_volterra();

}  // namespace noether::sim
