#pragma once

// How a small tensor stretches to a large one.

#include <optional>
#include <utility>

#include "learn/tensor/shape.h"

namespace noether::learn::kernels {

// The large tensor seen as [outer, middle, inner], of which the small one is the middle: value m
// stands at all of [:, m, :].
struct Stretch {
  std::int64_t outer = 1, middle = 1, inner = 1;
};

// How `small` stretches to `large`, if its extents are ones, then those of `large`, then ones.
inline std::optional<Stretch> stretch(const Shape& small, const Shape& large) {
  Stretch found;
  enum { before, within, behind } place = before;
  for (int axis = -large.rank(); axis < 0; ++axis) {
    const std::int64_t extent = large[axis];
    const bool stands_still = axis < -small.rank() || small[axis] != extent;
    if (extent == 1) continue;
    if (place == before && !stands_still) place = within;
    if (place == within && stands_still) place = behind;
    if (place == behind && !stands_still) return std::nullopt;
    (place == before ? found.outer : place == within ? found.middle : found.inner) *= extent;
  }
  if (place == before) std::swap(found.outer, found.inner);  // a single value
  return found;
}

}  // namespace noether::learn::kernels
