#pragma once

// The rows that tables on state-space data share, as data, and how these tables measure a row.

#include <string>
#include <vector>

#include "bench/model/evaluation.h"
#include "bench/table/rows.h"
#include "bench/tables/fields/field_training.h"

namespace noether::bench {

using FieldRow = Row<StateProblem, TrainedField>;
using FieldOutcome = RowOutcome<TrainedField>;

FieldRow vanilla_row();
FieldRow noisy_row();  // of noisy observations; left out where there is no noise
FieldRow control_row();
FieldRow hnn_row();
FieldRow tailored_sgd_row();  // all of these conserve the oracle of the problem
FieldRow meta_sgd_row();
FieldRow tailored_row();
FieldRow meta_oracle_row();
FieldRow meta_first_order_row();
FieldRow meta_neural_frozen_row();  // no oracle from here on
FieldRow meta_neural_row();         // needs the frozen one, whose g it trains on

// The standard deviation of the noise on the observed states; each has runs of its own.
Axis noise_axis(std::vector<double> values);
// How far is predicted, s; along a curve, the time of the prediction.
Axis horizon_axis(std::vector<double> values);

// How a quantity compares with the oracle on the test states: `pearson`, `spearman` and `angle`. In
// a problem of several laws `angle`, of the gradients of g to the span of those of the true laws,
// and `angle_missed`, of those of the true laws to the span of those of g (quantity_quality.h).
std::vector<Record> quality_records(const StateProblem& problem, const learn::Quantity& g,
                                    const learn::Params& phi);

// The metrics and panels of judge_field.
std::vector<Metric> field_metrics();
std::vector<Panel> field_panels();

// RMSE and energy drift at the horizons and against time, one-step MSE and seconds.
RunResult judge_field(const StateProblem& problem, const TrainedField& trained);

// The same where the field was evaluated already.
RunResult field_records(const TrainedField& trained, const Evaluation& judged);

}  // namespace noether::bench
