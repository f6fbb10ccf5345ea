#pragma once

// Small squares of a matrix transposed in registers; included by the files for single instruction
// sets, and local to them.

#include "learn/kernels/intrinsics.h"
#include "learn/kernels/product.h"

namespace noether::learn::kernels {
namespace {

struct FloatSquares {
  static constexpr Index square = 8;  // rows and columns

  // to[j][i] = from[i][j], of matrices whose rows lie `from_row` and `to_row` apart
  static void transpose(const float* from, Index from_row, float* to, Index to_row) {
    __m256 x[8], y[8];
    // rows i and i + 4, half of each
    for (int i = 0; i < 4; ++i) {
      const float* upper = from + i * from_row;
      const float* lower = from + (i + 4) * from_row;
      x[i] =
          _mm256_insertf128_ps(_mm256_castps128_ps256(_mm_loadu_ps(upper)), _mm_loadu_ps(lower), 1);
      x[i + 4] = _mm256_insertf128_ps(_mm256_castps128_ps256(_mm_loadu_ps(upper + 4)),
                                      _mm_loadu_ps(lower + 4), 1);
    }
    // squares of 4 x 4, two in each register
    for (int half = 0; half < 8; half += 4) {
      const __m256 a = _mm256_unpacklo_ps(x[half], x[half + 1]),
                   b = _mm256_unpackhi_ps(x[half], x[half + 1]),
                   c = _mm256_unpacklo_ps(x[half + 2], x[half + 3]),
                   d = _mm256_unpackhi_ps(x[half + 2], x[half + 3]);
      y[half] = _mm256_shuffle_ps(a, c, 0x44);
      y[half + 1] = _mm256_shuffle_ps(a, c, 0xee);
      y[half + 2] = _mm256_shuffle_ps(b, d, 0x44);
      y[half + 3] = _mm256_shuffle_ps(b, d, 0xee);
    }
    for (int j = 0; j < 8; ++j) _mm256_storeu_ps(to + j * to_row, y[j]);
  }
};

struct DoubleSquares {
  static constexpr Index square = 4;

  static void transpose(const double* from, Index from_row, double* to, Index to_row) {
    __m256d x[4];
    // rows i and i + 2, half of each
    for (int i = 0; i < 2; ++i) {
      const double* upper = from + i * from_row;
      const double* lower = from + (i + 2) * from_row;
      x[i] =
          _mm256_insertf128_pd(_mm256_castpd128_pd256(_mm_loadu_pd(upper)), _mm_loadu_pd(lower), 1);
      x[i + 2] = _mm256_insertf128_pd(_mm256_castpd128_pd256(_mm_loadu_pd(upper + 2)),
                                      _mm_loadu_pd(lower + 2), 1);
    }
    for (int half = 0; half < 4; half += 2) {
      _mm256_storeu_pd(to + half * to_row, _mm256_unpacklo_pd(x[half], x[half + 1]));
      _mm256_storeu_pd(to + (half + 1) * to_row, _mm256_unpackhi_pd(x[half], x[half + 1]));
    }
  }
};

}  // namespace
}  // namespace noether::learn::kernels
