#pragma once

// Rows of models outside this program, by their predictions (bench/outside/).

#include <functional>
#include <string>
#include <vector>

#include "bench/tables/fields/field_rows.h"

namespace noether::bench {

// The predictions in FOLDER/noise-NOISE-seed-SEED/predictions.h5. Throws DataError where there are
// none for a run, or those of another task.
FieldRow outside_row(const OutsideModel& model);

// Lets the experiment, whose problems are those of make_state_problem on `system`, judge such
// models. `with_rows` makes the same experiment with these rows behind its own.
void take_outside_models(
    Experiment& experiment, const std::string& system,
    const std::function<Experiment(const std::vector<FieldRow>& more)>& with_rows);

}  // namespace noether::bench
