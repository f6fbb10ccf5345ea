#pragma once

// The row `meta-discovered`: the Noether network of the paper, whose conserved quantity is a
// formula found in the train data (Alet et al. 2021, section 4.1).

#include <optional>
#include <string>
#include <vector>

#include "bench/tables/state_model.h"

namespace noether::bench {

struct DiscoveredField {
  TrainedField trained;
  learn::symbolic::Expression formula;  // with numbers
  std::vector<double> parameters;       // which are these
};

// What a search led to.
struct Discovered {
  int kept = 0;   // formulas that vary 100 times less than by chance, classes of them
  int tried = 0;  // of these meta-tailored
  std::optional<DiscoveredField> best =
      {};  // nothing where none is kept, or no prediction is finite
};

// Formulas of up to 7 nodes are fitted to the train trajectories and ranked by the train error of
// the vanilla field tailored with each; the best problem.budget.formulas are meta-tailored from
// `start`, and the one with the least train error is taken: none where no formula is kept, or all
// predictions leave the range of numbers.
Discovered meta_train_discovered(const StateProblem& problem, const TrainedField& vanilla,
                                 const learn::Params& start);

// The records of what was found: how many formulas were kept and tried; and of the best its
// constants c0, ..., and how it compares with the oracle on the test states (quantity_quality.h).
void add_formula(RunResult& result, const StateProblem& problem, const std::string& row,
                 const Discovered& discovered);

}  // namespace noether::bench
