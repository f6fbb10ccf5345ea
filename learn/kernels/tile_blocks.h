#pragma once

// float32 matrices as blocks of bfloat16, in the order in which the tile unit takes them (tiles.h).
//
// A tile has 16 lines of 32 bfloat16. In A a line is a row: summands 0, 16, 1, 17, ..., 15, 31. In
// B line p holds summands p and p + 16 of 16 columns in turn. A block is six tiles, 32 summands of
// 32 rows or columns: two tiles, one beside or below the other, of each of the three parts.

#include <cstdint>

namespace noether::learn::kernels {

using Index = std::int64_t;
using Bfloat16 = std::uint16_t;

inline constexpr Index side = 16;            // lines of a tile
inline constexpr Index depth = 32;           // summands in a block
inline constexpr Index tile = side * depth;  // bfloat16 in a tile: 1 KiB
inline constexpr Index parts = 3;            // of a float32
inline constexpr Index part_stride = 2 * tile;
inline constexpr Index block = parts * part_stride;

// The mask of the first n of 16 numbers; n may be any.
constexpr std::uint16_t lanes(Index n) {
  return static_cast<std::uint16_t>(n >= side ? 0xffff : n <= 0 ? 0 : (1 << n) - 1);
}

// op(A) or op(B), where op transposes if asked to.
struct Factor {
  const float* data;
  Index rows, columns;  // of op(data)
  bool transposed;
};

// Rows i to i + 31 and columns j to j + 31 as one block of A. Columns beyond the last are zero;
// lines of rows beyond the last are not written.
void pack_rows(const Factor& a, Index i, Index j, Bfloat16* out);

// All of B: the blocks of columns 0 to 31 from top to bottom, then those of columns 32 to 63, ...
// Rows beyond the last are zero; tiles wholly beyond the last column are not written.
void pack_columns(const Factor& b, Bfloat16* out);

}  // namespace noether::learn::kernels
