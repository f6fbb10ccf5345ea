#pragma once

// The tables `spring` and `pendulum` (Tables 1 and 2 of Alet et al. 2021, with the rows they left
// out), and the ablation `pendulum-steps`.

#include "bench/tables/tables.h"

namespace noether::bench {

// `name` is that of the dataset and of the table.
Experiment state_table(const std::string& name);

Experiment steps_table();

// The records and curves of one row, as a run returns them.
struct TrainedField;
struct StateProblem;
void add_row(RunResult& result, const StateProblem& problem, const std::string& row,
             const TrainedField& trained);

// How the networks of every table are trained, a paragraph of its method.
extern const char* const training_method;

}  // namespace noether::bench
