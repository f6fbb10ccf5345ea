#pragma once

// Two players of a zero-sum game who learn by replicator dynamics: the share of a move grows at the
// rate of its gain above the mean. With x and y the shares of the players and A the gains of the
// first, xi' = xi ((A y)i - x A y), yi' = yi (-(x A)i + x A y).
//
// The coordinates are logarithms of shares over that of the last move, so that any number makes
// sense. sum log xi + sum log yi is conserved, because both players' equilibrium is even.
//
// matching-pennies, with q = log(x1 / x2), p = log(y1 / y2):
//
//   q' = 2 stake tanh(p / 2),   p' = -2 stake tanh(q / 2).
//
// rock-paper-scissors: q1 = log(x1 / x3), q2 = log(x2 / x3), p1 and p2 the same of y. Its motion is
// chaotic.
//
// Bailey, Piliouras, "Multi-agent learning in network zero-sum games is a Hamiltonian system",
// AAMAS 2019; Sato, Akiyama, Farmer, "Chaos in learning a simple two-person game", PNAS 99:4748
// (2002).

#include "sim/system.h"

namespace noether::sim {

System matching_pennies();
System rock_paper_scissors();

}  // namespace noether::sim
