#pragma once

// Parts that the systems share.

#include <initializer_list>
#include <string>
#include <vector>

#include "sim/system.h"

namespace noether::sim {

// Coordinates without units of their own, whose rates are in 1/s.
std::vector<Coordinate> plain_coordinates(const std::vector<std::string>& names);

// "q1", ..., "qn".
std::vector<std::string> numbered(const std::string& name, std::size_t n);

// A conserved quantity without a unit.
Invariant conserved(std::string name, std::string formula, double tolerance,
                    decltype(Invariant::value) value);

}  // namespace noether::sim
