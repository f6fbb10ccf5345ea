#pragma once

// The constants of the system in a state dataset: the same for all trajectories, drawn for each, or
// given with the starts of a rollout.

#include <cstdint>
#include <vector>

#include "dataset/make/trajectories/trajectory_recipe.h"

namespace noether::dataset {

// The attribute of /parameters/NAME, and its value where the input of a rollout gave the constant.
inline constexpr const char* origin_attribute = "origin";
inline constexpr const char* given_origin = "given";

// Of the trajectories first, ..., first + count - 1: C numbers where they are the same for all of
// the plan, else (count, C).
std::vector<double> constants_at(const TrajectoryPlan& plan, std::int64_t first,
                                 std::int64_t count);

// Whether all constants of all trajectories are the defaults of the system.
bool are_defaults(const TrajectoryPlan& plan);

// Whether some trajectory may have friction.
bool has_friction(const TrajectoryPlan& plan);

// What a file states: /parameters/NAME (N) and root attributes, of all constants but silent ones at
// their defaults.
std::vector<Array> constant_arrays(const TrajectoryPlan& plan);
std::vector<Attribute> constant_attributes(const TrajectoryPlan& plan);

// Throws UsageError where a constant that was given lies outside of its interval.
void check_given_constants(const TrajectoryPlan& plan);

}  // namespace noether::dataset
