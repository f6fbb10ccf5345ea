// This file and tile_blocks.cpp alone are compiled for AVX-512 and AMX (learn/CMakeLists.txt). They
// include next to nothing, so that no inline function of others is compiled for them by accident.

#include "learn/kernels/tiles.h"

#ifdef NOETHER_TILES

#include <sys/syscall.h>
#include <unistd.h>

#include "learn/kernels/intrinsics.h"
#include "learn/kernels/tile_blocks.h"
#include "learn/tensor/buffer.h"

namespace noether::learn::kernels {

namespace {

constexpr Index line = 64;    // bytes of a line of a tile
constexpr Index resting = 4;  // blocks of A, 24 KiB, that stay in the first-level cache

Index least(Index a, Index b) { return a < b ? a : b; }
Index pieces(Index whole, Index size) { return (whole + size - 1) / size; }

// Registers 0 to 3 hold down x across tiles of C, which has `stride` floats from row to row.
template <int down, int across>
void take_sums(bool add, const float* c, Index stride) {
  const Index bytes = stride * Index{sizeof(float)};
  if (!add) {
    _tile_zero(0);
    _tile_zero(1);
    _tile_zero(2);
    _tile_zero(3);
    return;
  }
  _tile_loadd(0, c, bytes);
  if constexpr (across == 2) _tile_loadd(1, c + side, bytes);
  if constexpr (down == 2) _tile_loadd(2, c + side * stride, bytes);
  if constexpr (down == 2 && across == 2) _tile_loadd(3, c + side * stride + side, bytes);
}

template <int down, int across>
void put_sums(float* c, Index stride) {
  const Index bytes = stride * Index{sizeof(float)};
  _tile_stored(0, c, bytes);
  if constexpr (across == 2) _tile_stored(1, c + side, bytes);
  if constexpr (down == 2) _tile_stored(2, c + side * stride, bytes);
  if constexpr (down == 2 && across == 2) _tile_stored(3, c + side * stride + side, bytes);
}

// Adds the products of `blocks` packed blocks of A (registers 4 and 5) and B (6 and 7) to down x
// across tiles of C, or to nothing.
template <int down, int across>
void add_products(const Bfloat16* a, const Bfloat16* b, Index blocks, bool add, float* c,
                  Index stride) {
  // the compiler does not know that loading a tile reads memory
  asm volatile("" ::: "memory");
  const auto take_a = [&](Index part) __attribute__((always_inline)) {
    _tile_loadd(4, a + part * part_stride, line);
    if constexpr (down == 2) _tile_loadd(5, a + part * part_stride + tile, line);
  };
  const auto take_b = [&](Index part) __attribute__((always_inline)) {
    _tile_loadd(6, b + part * part_stride, line);
    if constexpr (across == 2) _tile_loadd(7, b + part * part_stride + tile, line);
  };
  const auto multiply = []() __attribute__((always_inline)) {
    _tile_dpbf16ps(0, 4, 6);
    if constexpr (across == 2) _tile_dpbf16ps(1, 4, 7);
    if constexpr (down == 2) _tile_dpbf16ps(2, 5, 6);
    if constexpr (down == 2 && across == 2) _tile_dpbf16ps(3, 5, 7);
  };
  take_sums<down, across>(add, c, stride);
  for (; blocks > 0; --blocks, a += block, b += block) {
    // the smallest products first, but so that one factor stays
    take_a(2);
    take_b(0);
    multiply();
    take_a(1);
    multiply();
    take_b(1);
    multiply();
    take_a(0);
    multiply();
    take_b(2);
    multiply();
    take_b(0);
    multiply();
  }
  put_sums<down, across>(c, stride);
}

// The same where the number of tiles, at most 2 x 2, is known late ...
void add_to_tiles(const Bfloat16* a, const Bfloat16* b, Index blocks, bool add, Index rows,
                  Index columns, float* c, Index stride) {
  const auto sum = rows > side ? (columns > side ? add_products<2, 2> : add_products<2, 1>)
                               : (columns > side ? add_products<1, 2> : add_products<1, 1>);
  sum(a, b, blocks, add, c, stride);
}

// ... and where C ends inside a tile.
void add_to_part_of_tiles(const Bfloat16* a, const Bfloat16* b, Index blocks, bool add, Index rows,
                          Index columns, float* c, Index stride) {
  alignas(64) float whole[4 * side * side];
  const auto each_line = [&](auto move) __attribute__((always_inline)) {
    for (Index i = 0; i < rows; ++i) {
      for (Index j = 0; j < columns; j += side) {
        move(lanes(columns - j), whole + i * 2 * side + j, c + i * stride + j);
      }
    }
  };
  if (add) {
    each_line([](__mmask16 mask, float* inside, const float* outside) {
      _mm512_store_ps(inside, _mm512_maskz_loadu_ps(mask, outside));
    });
  }
  add_to_tiles(a, b, blocks, add, rows, columns, whole, 2 * side);
  each_line([](__mmask16 mask, const float* inside, float* outside) {
    _mm512_mask_storeu_ps(outside, mask, _mm512_load_ps(inside));
  });
}

// Rows i to i + 31 of C, n columns wide. A few blocks of A rest while all of B passes by; between
// them the sums are kept in C.
void multiply_rows(const Factor& a, Index i, const Bfloat16* b, Index n, bool add, float* c) {
  alignas(64) Bfloat16 blocks_of_a[resting * block];
  const Index rows = least(2 * side, a.rows - i), blocks = pieces(a.columns, depth);
  for (Index done = 0; done < blocks; done += resting, add = true) {
    const Index now = least(resting, blocks - done);
    for (Index l = 0; l < now; ++l) pack_rows(a, i, (done + l) * depth, blocks_of_a + l * block);
    const Bfloat16* blocks_of_b = b + done * block;
    for (Index j = 0; j < n; j += 2 * side, blocks_of_b += blocks * block) {
      const Index columns = least(2 * side, n - j);
      const bool inside = rows % side == 0 && columns % side == 0;
      (inside ? add_to_tiles : add_to_part_of_tiles)(blocks_of_a, blocks_of_b, now, add, rows,
                                                     columns, c + i * n + j, n);
    }
  }
}

// All eight registers are 16 rows of 64 bytes.
void configure_tiles() {
  struct Configuration {
    std::uint8_t palette, start, reserved[14];
    std::uint16_t bytes[16];
    std::uint8_t rows[16];
  };
  static constexpr Configuration configuration = {
      1, 0, {}, {64, 64, 64, 64, 64, 64, 64, 64}, {16, 16, 16, 16, 16, 16, 16, 16}};
  _tile_loadconfig(&configuration);
}

}  // namespace

bool request_tiles() {
  constexpr long request_permission = 0x1023, tile_data = 18;
  return syscall(SYS_arch_prctl, request_permission, tile_data) == 0;
}

void tile_sgemm(bool transpose_a, bool transpose_b, Index m, Index n, Index k, const float* a,
                const float* b, float beta, float* c) {
  const Index blocks = pieces(k, depth) * pieces(n, 2 * side);
  Buffer packed(static_cast<std::size_t>(blocks * block) * sizeof(Bfloat16));
  auto* blocks_of_b = reinterpret_cast<Bfloat16*>(packed.data());
  pack_columns({b, k, n, transpose_b}, blocks_of_b);
  configure_tiles();
  const Factor A{a, m, k, transpose_a};
  for (Index i = 0; i < m; i += 2 * side) multiply_rows(A, i, blocks_of_b, n, beta != 0, c);
  _tile_release();
}

}  // namespace noether::learn::kernels

#else

#include <cassert>

namespace noether::learn::kernels {

bool request_tiles() { return false; }
void tile_sgemm(bool, bool, std::int64_t, std::int64_t, std::int64_t, const float*, const float*,
                float, float*) {
  assert(false && "there are no tiles to multiply with");
}

}  // namespace noether::learn::kernels

#endif
