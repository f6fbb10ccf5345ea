#pragma once

// float32 matrix products on the tile unit (AMX) of Intel processors from Sapphire Rapids on.
//
// The unit multiplies bfloat16, which has 8 significant bits, and adds up in float32. A float32 has
// 24 and is the exact sum of three bfloat16, x = x1 + x2 + x3, each at most 2^-8 of the one before
// it. Six products are kept (Henry, Tang and Heinecke 2019, arXiv 1904.06376),
//
//   a b = a1 b1 + (a1 b2 + a2 b1) + (a1 b3 + a2 b2 + a3 b1) + rest,   |rest| < 2^-22.9 |a b|,
//
// each of them exact in float32. What is left is the rounding of sums, as in any product in
// float32, and it is smaller than that of oneDNN's sgemm (docs/decisions/0006-tiles.md).

#include <cstdint>

namespace noether::learn::kernels {

// Asks the system for the tile unit, which it gives to processes that ask; false where the program
// was compiled without it or the system refuses. The processor must have the unit.
bool request_tiles();

// C <- op(A) op(B) + beta C as in gemm.h, with beta 0 or 1. A row of C depends on its row of op(A)
// and on B only. Parts and products below 1e-38 count as zero, so factors and products below
// 1e-31 lose digits; infinities, and numbers above 3.39e38, give NaN.
void tile_sgemm(bool transpose_a, bool transpose_b, std::int64_t m, std::int64_t n, std::int64_t k,
                const float* a, const float* b, float beta, float* c);

}  // namespace noether::learn::kernels
