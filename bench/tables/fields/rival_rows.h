#pragma once

// Rows that a row which conserves has to beat: what else the same knowledge or the same work buys.

#include "bench/tables/fields/field_rows.h"

namespace noether::bench {

// They know H:
FieldRow control_projected_row();
FieldRow state_projected_row();

// They do not:
FieldRow hnn_control_row();
FieldRow twice_the_data_row();  // of the tables that generate their data; only where asked for
FieldRow ensemble_row();        // only where asked for

}  // namespace noether::bench
