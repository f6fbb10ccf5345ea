#pragma once

// The laws among the combinations of given features, at states that are taken as they are.

#include "learn/discovery/library/feature_space.h"
#include "learn/discovery/library/null_space.h"

namespace noether::learn::symbolic {

// What is worked out once for the data.
struct NullSpaceProblem {
  const Trajectories& data;
  const NullSpaceOptions& options;
  Metric shape;         // of gradients
  Trajectories fitted;  // the points that are fitted
  Trajectories halves[2];
};

NullSpaceProblem problem_of(const Trajectories& data, const NullSpaceOptions& options);

// Features that can be told apart by so many points, simplest first.
std::vector<Expression> usable(const NullSpaceProblem& problem,
                               std::span<const Expression> features);

// The independent laws with few terms. `negligible` is the rms sine that leaving out terms may
// bring about; 0: rounding.
IndependentLaws laws_among(const NullSpaceProblem& problem, std::span<const Expression> library,
                           double negligible = 0);

}  // namespace noether::learn::symbolic
