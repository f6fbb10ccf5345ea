#pragma once

#include "dataset/make/trajectories/trajectory_recipe.h"

namespace noether::dataset {

// The recipe of a plan that asks for a film: the arrays of its trajectories, as episodes, and the
// frames of each. States, observations, derivatives and invariants have the bits that they have
// without the film. An episode is made in pieces, its states with the first.
Recipe film_recipe(const TrajectoryPlan& plan);

}  // namespace noether::dataset
