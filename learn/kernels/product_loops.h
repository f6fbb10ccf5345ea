#pragma once

// Matrix products in one order of summation, for any width of vectors. Included once by each file
// that is compiled for an instruction set of its own; all is local to that file.
//
// The order: a sum over k is cut into chunks of 128. A chunk is a chain of fused multiply-adds that
// starts at +0 and takes its terms by index; the sums of chunks are added up by index, after what
// was in C. A NaN is always 0x7fc00000 (float64: 0x7ff8000000000000). Every output is such a sum by
// itself, so its bits depend on its row of A and its column of B alone: vectors, tiles, panels and
// blocks below only say which outputs are computed side by side.

#include "learn/kernels/product.h"

namespace noether::learn::kernels {
namespace {

// Terms that one panel of B holds: few enough for the second-level cache and the stack.
constexpr Index panel_terms = 2 * chunk_terms;

// An instruction set is described by a type V: Scalar, Vector, `lanes` of them, `rows` of a tile,
// and the functions zero, load, store, broadcast, add, fma, one_nan and transpose.
template <class V>
class ProductLoops {
  using T = typename V::Scalar;
  using Vector = typename V::Vector;
  static constexpr Index lanes = V::lanes;
  static constexpr int rows = V::rows;  // of a tile, at most; a tile is up to three vectors wide
  static constexpr Index width = 3 * lanes;

 public:
  static void multiply(const Product<T>& p) {
    const Index vectors = (p.n + lanes - 1) / lanes, panels = (vectors + 2) / 3;
    for (Index panel = 0; panel < panels; ++panel) {
      // panels as even as vectors allow
      const Index begin = vectors * panel / panels * lanes,
                  end = least(vectors * (panel + 1) / panels * lanes, p.n);
      for (Index term = 0; term < p.k; term += panel_terms) {
        multiply_panel(p, begin, end, term, least(term + panel_terms, p.k));
      }
    }
  }

 private:
  static Index least(Index a, Index b) { return a < b ? a : b; }

  // All rows of C in columns [begin, end), and of their sums the terms [from, to).
  static void multiply_panel(const Product<T>& p, Index begin, Index end, Index from, Index to) {
    alignas(64) T packed[panel_terms * width];
    const bool whole = (end - begin) % lanes == 0;
    // a panel for few rows is not worth a copy
    const bool in_place = whole && p.b.column == 1 && p.m <= 2 * rows;
    const T* b = p.b.data + from * p.b.row + begin * p.b.column;
    if (!in_place) pack(p.b, begin, end, from, to, packed);
    const T* panel = in_place ? b : packed;
    const Index step = in_place ? p.b.row : width;

    const Index strips = (p.m + rows - 1) / rows;
    for (Index strip = 0; strip < strips; ++strip) {
      const Index i = p.m * strip / strips, count = p.m * (strip + 1) / strips - i;
      const Tile tile{p.a.data + i * p.a.row + from * p.a.column,
                      p.a.row,
                      p.a.column,
                      panel,
                      step,
                      to - from,
                      from > 0 || p.add,
                      to == p.k};
      T* c = p.c + i * p.c_row + begin * p.c_column;
      if (whole && p.c_column == 1) {
        dispatch(tile, count, (end - begin) / lanes, c, p.c_row);
      } else {
        by_way_of_copy(tile, count, end - begin, c, p.c_row, p.c_column);
      }
    }
  }

  struct Tile {
    const T* a;
    Index a_row, a_term;
    const T* b;
    Index b_term;
    Index terms;
    bool add, last;
  };

  // C is copied into a tile of whole vectors, and back.
  static void by_way_of_copy(const Tile& tile, Index m, Index n, T* c, Index row, Index column) {
    alignas(64) T copy[rows * width];
    const Index vectors = (n + lanes - 1) / lanes;
    if (tile.add) {
      for (Index i = 0; i < m; ++i)
        for (Index j = 0; j < vectors * lanes; ++j)
          copy[i * width + j] = j < n ? c[i * row + j * column] : T(0);
    }
    dispatch(tile, m, vectors, copy, width);
    for (Index i = 0; i < m; ++i)
      for (Index j = 0; j < n; ++j) c[i * row + j * column] = copy[i * width + j];
  }

  // Rows [from, to) and columns [begin, end) of B, as rows of `width` with zeros at their ends.
  static void pack(const Strided<T>& b, Index begin, Index end, Index from, Index to, T* out) {
    const Index columns = end - begin, padded = (columns + lanes - 1) / lanes * lanes;
    Index transposed = 0;  // columns that are done, all terms of them
    if (b.row == 1) {
      transposed = columns / V::square * V::square;
      const Index terms = (to - from) / V::square * V::square;
      for (Index j = 0; j < transposed; j += V::square) {
        const T* column = b.data + from + (begin + j) * b.column;
        for (Index l = 0; l < terms; l += V::square) {
          V::transpose(column + l, b.column, out + l * width + j, width);
        }
        for (Index l = terms; l < to - from; ++l)
          for (Index i = 0; i < V::square; ++i) out[l * width + j + i] = column[i * b.column + l];
      }
    }
    for (Index l = 0; l < to - from; ++l) {
      const T* row = b.data + (from + l) * b.row + begin * b.column;
      T* to_row = out + l * width;
      for (Index j = transposed; j < columns; ++j) to_row[j] = row[j * b.column];
      for (Index j = columns; j < padded; ++j) to_row[j] = T(0);
    }
  }

  template <int R, int N>
  static void compute(const Tile& tile, T* c, Index c_row) {
    for (Index from = 0; from < tile.terms; from += chunk_terms) {
      const Index to = least(from + chunk_terms, tile.terms);
      Vector sum[R][N];
#pragma GCC unroll 8
      for (int i = 0; i < R; ++i)
#pragma GCC unroll 3
        for (int j = 0; j < N; ++j) sum[i][j] = V::zero();

      const T* a = tile.a + from * tile.a_term;
      const T* b = tile.b + from * tile.b_term;
#pragma GCC unroll 2
      for (Index l = from; l < to; ++l, a += tile.a_term, b += tile.b_term) {
        Vector terms[N];
#pragma GCC unroll 3
        for (int j = 0; j < N; ++j) terms[j] = V::load(b + j * lanes);
#pragma GCC unroll 8
        for (int i = 0; i < R; ++i) {
          const Vector factor = V::broadcast(a + i * tile.a_row);
#pragma GCC unroll 3
          for (int j = 0; j < N; ++j) sum[i][j] = V::fma(factor, terms[j], sum[i][j]);
        }
      }

      const bool add = tile.add || from > 0, last = tile.last && to == tile.terms;
#pragma GCC unroll 8
      for (int i = 0; i < R; ++i)
#pragma GCC unroll 3
        for (int j = 0; j < N; ++j) {
          T* place = c + i * c_row + j * lanes;
          if (add) sum[i][j] = V::add(V::load(place), sum[i][j]);
          V::store(place, last ? V::one_nan(sum[i][j]) : sum[i][j]);
        }
    }
  }

  template <int R>
  static void with_width(const Tile& tile, Index vectors, T* c, Index c_row) {
    switch (vectors) {
      case 1:
        return compute<R, 1>(tile, c, c_row);
      case 2:
        return compute<R, 2>(tile, c, c_row);
      default:
        return compute<R, 3>(tile, c, c_row);
    }
  }

  // compute<m, vectors>
  template <int R = rows>
  static void dispatch(const Tile& tile, Index m, Index vectors, T* c, Index c_row) {
    if constexpr (R > 1) {
      if (m < R) return dispatch<R - 1>(tile, m, vectors, c, c_row);
    }
    with_width<R>(tile, vectors, c, c_row);
  }
};

}  // namespace
}  // namespace noether::learn::kernels
