// Compiled for AVX-512, as tiles.cpp is.

#include "learn/kernels/tile_blocks.h"

#ifdef NOETHER_TILES

#include "learn/kernels/intrinsics.h"

namespace noether::learn::kernels {

namespace {

// Numbers of a matrix from some row and column on.
struct Corner {
  const float* data;
  Index stride;
};

// A NaN with all bits set, as Eigen's log gives, would be rounded to zero.
__m512 with_quiet_nans(__m512 x) {
  const __m512 nan = _mm512_set1_ps(__builtin_nanf(""));
  return _mm512_mask_mov_ps(x, _mm512_cmp_ps_mask(x, x, _CMP_UNORD_Q), nan);
}

// Three lines of 32 bfloat16, one for each part, that add up to x and y: those of x are the even
// ones, those of y the odd. Each rounds what the ones before it left over to 8 bits.
void put_parts(__m512 x, __m512 y, Bfloat16* out) {
  x = with_quiet_nans(x);
  y = with_quiet_nans(y);
  const __m512i half = _mm512_set1_epi32(1 << 15), upper = _mm512_set1_epi32(-1 << 16);
  const auto rounded = [&](__m512 z) __attribute__((always_inline)) {
    return _mm512_and_si512(_mm512_add_epi32(_mm512_castps_si512(z), half), upper);
  };
  for (Index part = 0; part < parts; ++part) {
    const __m512i even = rounded(x), odd = rounded(y);
    _mm512_store_si512(out + part * part_stride, _mm512_or_si512(_mm512_srli_epi32(even, 16), odd));
    x = _mm512_sub_ps(x, _mm512_castsi512_ps(even));
    y = _mm512_sub_ps(y, _mm512_castsi512_ps(odd));
  }
}

// 16 lines become their transpose: they exchange every other number, then every other pair, four
// and eight across the diagonal.
void transpose_lines(__m512* lines) {
  const __m512i lane = _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
  const __m512i second = _mm512_set1_epi32(side);
#pragma GCC unroll 4
  for (int bit = 1; bit < side; bit *= 2) {
    const __m512i swapped = _mm512_xor_si512(lane, _mm512_set1_epi32(bit));
    const __mmask16 odd = _mm512_test_epi32_mask(lane, _mm512_set1_epi32(bit));
    const __m512i low = _mm512_mask_add_epi32(lane, odd, swapped, second);
    const __m512i high = _mm512_mask_add_epi32(swapped, odd, lane, second);
#pragma GCC unroll 16
    for (int l = 0; l < side; ++l) {
      if ((l & bit) != 0) continue;
      const __m512 x = lines[l], y = lines[l + bit];
      lines[l] = _mm512_permutex2var_ps(x, low, y);
      lines[l + bit] = _mm512_permutex2var_ps(x, high, y);
    }
  }
}

// t [32, 32] <- the transpose of the first 32 rows and columns of a, with zeros for those that it
// does not have
void transpose(Corner a, Index rows, Index columns, float* t) {
  for (Index i = 0; i < 2 * side; i += side) {
    for (Index j = 0; j < 2 * side; j += side) {
      __m512 lines[side];
#pragma GCC unroll 16
      for (Index l = 0; l < side; ++l) {
        lines[l] = _mm512_maskz_loadu_ps(i + l < rows ? lanes(columns - j) : 0,
                                         a.data + (i + l) * a.stride + j);
      }
      transpose_lines(lines);
#pragma GCC unroll 16
      for (Index l = 0; l < side; ++l) _mm512_store_ps(t + (j + l) * 2 * side + i, lines[l]);
    }
  }
}

// up to 32 x 32 numbers from row i and column j on; `room` is for [32, 32]
Corner corner(const Factor& factor, Index i, Index j, float* room) {
  if (!factor.transposed) return {factor.data + i * factor.columns + j, factor.columns};
  const Corner stored{factor.data + j * factor.rows + i, factor.rows};
  transpose(stored, factor.columns - j, factor.rows - i, room);
  return {room, 2 * side};
}

// one block of B, which has that many rows and columns from here on
void pack_block(Corner b, Index rows, Index columns, Bfloat16* out) {
  for (Index j = 0; j < columns && j < 2 * side; j += side, out += tile) {
    const auto row = [&](Index i) __attribute__((always_inline)) {
      return _mm512_maskz_loadu_ps(i < rows ? lanes(columns - j) : 0, b.data + i * b.stride + j);
    };
    for (Index i = 0; i < side; ++i) put_parts(row(i), row(i + side), out + i * depth);
  }
}

}  // namespace

void pack_rows(const Factor& a, Index i, Index j, Bfloat16* out) {
  alignas(64) float room[4 * side * side];
  const Corner rows = corner(a, i, j, room);
  const __mmask16 first = lanes(a.columns - j), second = lanes(a.columns - j - side);
  for (Index l = 0; l < 2 * side && i + l < a.rows; ++l) {
    const float* row = rows.data + l * rows.stride;
    put_parts(_mm512_maskz_loadu_ps(first, row), _mm512_maskz_loadu_ps(second, row + side),
              out + l * depth);
  }
}

void pack_columns(const Factor& b, Bfloat16* out) {
  alignas(64) float room[4 * side * side];
  for (Index j = 0; j < b.columns; j += 2 * side) {
    for (Index i = 0; i < b.rows; i += depth, out += block) {
      pack_block(corner(b, i, j, room), b.rows - i, b.columns - j, out);
    }
  }
}

}  // namespace noether::learn::kernels

#endif
