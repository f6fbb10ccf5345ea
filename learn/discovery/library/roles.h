#pragma once

// What coordinates are to a library of functions: scalars, angles, coordinates of points.

#include <optional>
#include <span>
#include <vector>

#include "learn/discovery/trajectories.h"
#include "learn/formula/expression.h"
#include "learn/formula/unit.h"

namespace noether::learn::symbolic {

using Group = std::vector<Expression>;

struct Roles {
  Group scalars;
  Group angles;
  std::vector<Group> like;  // scalars of one unit that are not rates of change
};

// Coordinates without a known unit are scalars, and angles too where `unknown_angles` says so. (Not
// those below 0.03: there, sine and cosine are what monomials are already.)
Roles roles(const Trajectories& data, std::span<const std::optional<Unit>> units,
            bool unknown_angles);

// For each coordinate, the coordinate it is the rate of change of, found in the data; else -1.
std::vector<int> rate_of(const Trajectories& data);

// Each angle, and the difference of each two.
Group turns(const Group& angles);

// The squares of the distances that like scalars may have as coordinates.
Group squared_distances(const Roles& roles);

}  // namespace noether::learn::symbolic
