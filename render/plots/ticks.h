#pragma once

// Where an axis is marked, and with which words.

#include <span>
#include <string>
#include <vector>

namespace noether::render {

struct Range {
  double low = 0;
  double high = 1;
};

struct Tick {
  double value = 0;
  std::string label;
};

// The range of the finite values, widened by `margin` of itself on both sides; never empty: around
// a constant it is that constant +- a tenth of it (or +- 1 around zero).
Range range_of(std::span<const double> values, double margin);

// The smallest range of whole decades that holds the positive finite values and spans at least two.
Range decades_of(std::span<const double> values);

// About `count` multiples of 1, 2 or 5 times a power of ten within the range.
std::vector<Tick> nice_ticks(const Range& range, int count);

// Powers of ten within the range, at most about `count` of them.
std::vector<Tick> log_ticks(const Range& range, int count);

}  // namespace noether::render
