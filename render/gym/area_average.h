#pragma once

// Exact area averages. Cell i of an image of N pixels averaged to `size` cells covers
// [i N, (i + 1) N) in units of 1/size pixel, where pixel p covers [p size, (p + 1) size): all
// weights are whole numbers, and those of a cell sum to N^2.

#include <cstdint>
#include <vector>

#include "render/image.h"

namespace noether::render {

// sum / total, rounded to nearest, half to even.
std::uint8_t round_half_even(std::uint64_t sum, std::uint64_t total);

// A cell has a share of the pixels [first, last). The two outermost have weights of their own,
// those between weigh `size`.
struct CellShare {
  int first = 0;
  int last = 0;
  std::uint32_t first_weight = 0;
  std::uint32_t last_weight = 0;  // 0 where first is the only one
};

CellShare cell_share(int cell, int n_px, int size_px);

// Averages chosen cells of square images of one size again and again. image.h's area_average is
// the plain version.
class CellAverager {
 public:
  CellAverager(int n_px, int size_px);

  // Writes cells [first_column, last_column) of row `row` into averages, (size, size, 3).
  void average(const Image& image, int row, int first_column, int last_column,
               std::vector<std::uint8_t>& averages);

 private:
  int n_px_;
  int size_px_;
  std::vector<CellShare> shares_;
  std::vector<std::uint32_t> column_sums_;  // (n_px, 3), of one row of cells
};

}  // namespace noether::render
