#pragma once

// Where the error of a row is: within the energies that the train trajectories have, above or
// below.

#include "bench/tables/fields/field_rows.h"

namespace noether::bench {

// The metrics of errors_by_energy and of data_row, a section of their own.
std::vector<Metric> train_energy_metrics();

// At each horizon `rmse_inside`, of the test trajectories whose energy at the start is between the
// least and the greatest train energy, ends included; `rmse_above` and `rmse_below`, of those above
// the greatest and below the least; and `rmse_median`, the median of all RMSEs of one trajectory.
// The first three are absent where there is no such trajectory.
std::vector<Record> errors_by_energy(const StateProblem& problem, const Evaluation& judged);

// Row `data` has one number, `energy_gap`: the greatest test energy minus the greatest train
// energy. It belongs to the data alone. No field is made.
FieldRow data_row();

}  // namespace noether::bench
