#pragma once

// What recorded times mean: rounded even ones, and gaps.

#include <cstddef>
#include <span>
#include <vector>

#include "dataset/recording/trials.h"

namespace noether::dataset {

// Times are even where they lie on whole multiples of one step, up to the rounding they were
// written with: a unit of their last digit, or half of that of float32. But never more than this
// share of the step, by which a clock that drifts is soon further off.
inline constexpr double even_tolerance = 0.1;

// Puts even times in place of those that are even but for rounding: 0, 0.033, 0.067, 0.1 become
// multiples of 1/30. One step serves all trials if it can, else each has its own. Points may be
// missing between. Times that are even to 1e-9 of their span, or are not even, stay. Returns
// whether any changed. The trials passed check_trials.
bool undo_rounding(Trials& trials);

// A step of more than so many usual ones, the median of a trial, is a gap: a polynomial of nine
// points has as many on each side.
inline constexpr double longest_step = 4;

// What cut_at_gaps did.
struct Cuts {
  std::size_t gaps = 0;
  std::size_t lost = 0;  // points of pieces of fewer than four, which are left out
};

// A gap ends a trial; what comes after it is another one, which `continues` it. Throws DataError
// where nothing is left of a trial. The trials passed check_trials.
Cuts cut_at_gaps(Trials& trials);

// Leaves out points of which the time, a value or a derivative is NaN. Returns how many came before
// the last whole point of their trial: those after it only fill an array up.
std::size_t leave_out_missing(Trials& trials);

}  // namespace noether::dataset
