#pragma once

// The rows of the tables on ideal systems, and how they are measured: at the protocol's budget
// (`spring`, `pendulum`) and at others (`spring-budgets`, `pendulum-budgets`).

#include "bench/tables/fields/field_rows.h"

namespace noether::bench {

const std::vector<FieldRow>& state_rows();

// Meta-training against a step at test time alone, after the same training, and against its own
// variants; what learns its quantity against the model that learns one as its H.
std::vector<Comparison> state_rivals();

// field_records, and errors by energy; the same where the field was evaluated already.
RunResult judge_state(const StateProblem& problem, const TrainedField& trained);

RunResult state_records(const StateProblem& problem, const TrainedField& trained,
                        const Evaluation& judged);

// Of judge_state and of data_row.
std::vector<Metric> state_metrics();

// A table of such rows on the dataset `system`. Rows, comparisons, panels and the reason of what is
// left out are filled in; the metrics of `spec` come after state_metrics, its rivals after
// state_rivals.
Experiment state_experiment(const std::string& system, TableSpec spec,
                            const std::vector<FieldRow>& rows = state_rows());

// How the rows are made, a paragraph of the method each.
extern const char* const tailoring_method;
extern const char* const rivals_method;
extern const char* const discovery_method;
extern const char* const several_discovery_method;  // of problems of several laws

}  // namespace noether::bench
