#pragma once

// The row `meta-discovered`: the Noether network of the paper, whose conserved quantity is a
// formula found in the train data (Alet et al. 2021, section 4.1).

#include <string>

#include "bench/tables/fields/field_rows.h"

namespace noether::bench {

// How the formula is chosen:
//   1. Fit all formulas of up to 7 nodes to the train trajectories. Keep those that vary 100 times
//      less than by chance, one for each class.
//   2. Rank them by the train error of the vanilla field, tailored with each.
//   3. Meta-tailor the best problem.budget.formulas.
//   4. Take the one with the least train error.
// The row is left out where no formula is kept, or all predictions leave the range of numbers.
//
// In a problem of several laws, the independent laws (learn/discovery/library/null_space.h) are
// candidates as well: each by itself; all of them, as one quantity with a component each; and all
// of them with the functions that have one value in all train trajectories. Steps 2 to 4 are the
// same, so the train data choose.
//
// It also records `formulas_kept` and `formulas_tried` (steps 1 and 3), the constants c0, ... of
// the formula, and how it compares with the oracle on the test states (quality_records). In a
// problem of several laws also `combinations_kept`, how many independent laws were found (they
// count as formulas too), and `combinations_used` and `fixed_used`, how many of these and of those
// functions the row conserves: 0 where a formula was chosen.
FieldRow meta_discovered_row();

// Why there is no such row at the place of this record: `formulas_kept` tells. "" for other
// metrics.
std::string why_no_formula(const Record& record);

}  // namespace noether::bench
