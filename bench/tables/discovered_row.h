#pragma once

// The row `meta-discovered`: the Noether network of the paper, whose conserved quantity is a
// formula found in the train data (Alet et al. 2021, section 4.1).

#include <string>

#include "bench/tables/field_rows.h"

namespace noether::bench {

// Formulas of up to 7 nodes are fitted to the train trajectories and ranked by the train error of
// the vanilla field tailored with each; the best problem.budget.formulas are meta-tailored, and the
// one with the least train error is taken: none where no formula is kept, or all predictions leave
// the range of numbers.
//
// Measured beside the field: `formulas_kept`, which vary 100 times less than by chance, classes of
// them; `formulas_tried`, of these meta-tailored; of the best its constants c0, ..., and how it
// compares with the oracle on the test states (quantity_quality.h).
FieldRow meta_discovered_row();

// Why there is no such row at the place of this record: `formulas_kept` tells. "" for other
// metrics.
std::string why_no_formula(const Record& record);

}  // namespace noether::bench
