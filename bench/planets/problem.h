#pragma once

// Planets as a problem of prediction: what is given, what is sought, and what every true answer
// conserves.

#include <cstdint>
#include <vector>

#include "bench/table/experiment.h"
#include "learn/models/field.h"
#include "learn/noether/inner_step.h"

namespace noether::bench {

// Rows x [n, 14] of planet_pairs and targets y [n, 12], the change of the state over its spread,
// float32.
struct PlanetSplit {
  learn::Tensor x, y;
};

struct PlanetProblem {
  PlanetSplit train, validation, test;
  learn::Tensor input_mean, input_spread;    // [1, 14]
  learn::Tensor change_mean, change_spread;  // [1, 12]
  // [1, 4]: the train rms of the gradient of each law by y. A residual over it is a length in y.
  learn::Tensor law_unit;
  learn::Mlp mlp{.widths = {14, 128, 128, 12}, .output_bias = true};
  std::int64_t steps = 3000, extra_steps = 1500, batch = 200;
  std::uint64_t seed = 0;
};

// 2,000 systems to train on, 500 to validate, 1,000 to test; fewer, and fewer steps, with --quick.
PlanetProblem make_planet_problem(const RunContext& run);

// The change of energy, momentum (x, y) and angular momentum from x to the prediction y, each over
// its unit: [n, 4].
learn::Tensor law_residuals(const PlanetProblem& problem, const learn::Tensor& x,
                            const learn::Tensor& y);

// Where an inner step may move a prediction.
enum class Moved {
  norms,          // gamma and beta of each query (learn/nn/conditional_mlp.h)
  shared_norms,   // the same, one set for all queries
  outputs,        // the prediction itself
  spread_outputs  // the same, in units of `spread`: a long way costs little where errors are large
};
struct PlanetTailoring {
  Moved moved = Moved::norms;
  learn::InnerStep step{.rule = learn::StepRule::least_norm, .epsilon = 1e-3, .by_query = true};
  std::vector<int> laws{0, 1, 2, 3};  // that are to be kept
  learn::Tensor spread = {};          // L [12, 12], L L' the covariance of the errors
};

// (params, x [n, 14]) -> y [n, 12]
learn::Field planet_field(const PlanetProblem& problem);
learn::Field tailored_planet_field(const PlanetProblem& problem, const PlanetTailoring& tailoring);

// L of the errors that the field makes on the validation split.
learn::Tensor error_spread(const PlanetProblem& problem, const learn::Field& field,
                           const learn::Params& params);

}  // namespace noether::bench
