#pragma once

// Steps and grids are made for numbers of order 1; others are measured by their own size.

namespace noether::learn::symbolic {

// 1 where the size is from 0.1 to 10, which grids of numbers of order 1 cover: so data in usual
// units are not measured at all. Otherwise the size, and 1 where it has no finite value.
inline double natural_size(double size) {
  const bool usual = size >= 0.1 && size <= 10;
  const bool measures = size > 0 && size < 1e300;
  return usual || !measures ? 1 : size;
}

}  // namespace noether::learn::symbolic
