#pragma once

// The row `meta-discovered`: the Noether network of the paper, whose conserved quantity is a
// formula found in the train data (Alet et al. 2021, section 4.1).

#include "bench/state_model.h"

namespace noether::bench {

struct DiscoveredField {
  TrainedField trained;
  learn::symbolic::Expression formula;  // with numbers
  std::vector<double> parameters;       // which are these
  int kept = 0;   // formulas that vary 100 times less than by chance, classes of them
  int tried = 0;  // of these meta-tailored
};

// Formulas of up to 7 nodes are fitted to the train trajectories and ranked by the train error of
// the vanilla field tailored with each; the best problem.budget.formulas are meta-tailored from
// `start`, and the one with the least train error is taken. Throws NumericalError where no formula
// is kept, or none leads to a finite prediction.
DiscoveredField meta_train_discovered(const StateProblem& problem, const TrainedField& vanilla,
                                      const learn::Params& start);

// The records of what was found: its constants c0, ..., how many formulas were kept and tried, and
// how it compares with the oracle on the test states (quantity_quality.h).
void add_formula(RunResult& result, const StateProblem& problem, const std::string& row,
                 const DiscoveredField& discovered);

}  // namespace noether::bench
