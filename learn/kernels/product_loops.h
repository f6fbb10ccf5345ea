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
  template <class B, class C>
  static void multiply(const Product<T, B, C>& p) {
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

  // All rows of C in columns [begin, end), and of their sums the terms [from, to). A panel of B for
  // few rows is not worth a copy.
  static void multiply_panel(const Product<T>& p, Index begin, Index end, Index from, Index to) {
    alignas(64) T packed[panel_terms * width];
    const bool whole = (end - begin) % lanes == 0;
    const bool in_place = whole && p.b.column == 1 && p.m <= 2 * rows;
    if (!in_place) pack(p.b, begin, end, from, to, packed);
    const T* b = p.b.data + from * p.b.row + begin * p.b.column;
    multiply_rows(p, in_place ? Stepped{b, p.b.row} : Stepped{packed, width}, begin, end, from, to);
  }
  static void multiply_panel(const PatchProduct<T>& p, Index begin, Index end, Index from,
                             Index to) {
    const bool whole = (end - begin) % lanes == 0;
    if (whole && p.b.run % lanes == 0 && p.m <= 16) {
      ByList b{p.b.rows + from, {}};
      for (Index j = begin; j < end; j += lanes) {
        b.columns[(j - begin) / lanes] = p.b.data + p.b.columns[j];
      }
      return multiply_rows(p, b, begin, end, from, to);
    }
    alignas(64) T packed[panel_terms * width];
    pack(p.b, begin, end, from, to, packed);
    multiply_rows(p, Packed{packed}, begin, end, from, to);
  }

  template <class P, class Panel>
  static void multiply_rows(const P& p, const Panel& panel, Index begin, Index end, Index from,
                            Index to) {
    alignas(64) T copy[rows * width];  // of a tile of C whose columns are not whole vectors
    const Index n = end - begin, vectors = (n + lanes - 1) / lanes;
    const bool whole = n % lanes == 0 && column(p.c, end - 1) - column(p.c, begin) == n - 1;
    const bool add = from > 0 || p.add;
    const Index strips = (p.m + rows - 1) / rows;
    for (Index strip = 0; strip < strips; ++strip) {
      const Index i = p.m * strip / strips, m = p.m * (strip + 1) / strips - i;
      if (!whole && add) {
        for (Index l = 0; l < m; ++l)
          for (Index j = n; j < vectors * lanes; ++j) copy[l * width + j] = T(0);
        for_each_run(p.c, i, m, begin, end, copy,
                     [](auto run, T* in_c, T* in_copy) { run.copy(in_c, in_copy); });
      }
      const Tile<Panel> tile{p.a.data + i * p.a.row + from * p.a.column,
                             p.a.row,
                             p.a.column,
                             panel,
                             to - from,
                             add,
                             to == p.k};
      T* const place = whole ? p.c.data + i * p.c.row + column(p.c, begin) : copy;
      dispatch(tile, m, vectors, place, whole ? p.c.row : width);
      if (!whole) {
        for_each_run(p.c, i, m, begin, end, copy,
                     [](auto run, T* in_c, T* in_copy) { run.copy(in_copy, in_c); });
      }
    }
  }

  static Index column(const Strided<T>& c, Index j) { return j * c.column; }
  static Index column(const Spread<T>& c, Index j) { return c.columns[j]; }
  static Index run_of(const Strided<T>&) { return 1; }
  static Index run_of(const Spread<T>& c) { return c.run; }

  // move(run, in C, in the copy) for `m` rows of C from i on, in columns [begin, end)
  template <class C, class Move>
  static void for_each_run(const C& c, Index i, Index m, Index begin, Index end, T* copy,
                           Move move) {
    with_run(run_of(c), [&]<int W>(Run<W> run) {
      for (Index l = 0; l < m; ++l)
        for (Index j = begin; j < end; j += W)
          move(run, c.data + (i + l) * c.row + column(c, j), copy + l * width + j - begin);
    });
  }

  // The rows of a panel of B, one after the other, as vectors: of a matrix, packed, or listed.
  struct Stepped {
    const T* row;
    Index step;
    void advance(Index terms) { row += terms * step; }
    const T* vector(int j) const { return row + j * lanes; }
  };
  struct Packed {
    const T* row;
    void advance(Index terms) { row += terms * width; }
    const T* vector(int j) const { return row + j * lanes; }
  };
  struct ByList {
    const Index* row;
    const T* columns[3];  // where each vector begins
    void advance(Index terms) { row += terms; }
    const T* vector(int j) const { return columns[j] + *row; }
  };

  template <class Panel>
  struct Tile {
    const T* a;
    Index a_row, a_term;
    Panel b;
    Index terms;
    bool add, last;
  };

  // W neighbours; moved in one go, as the compiler knows how many.
  template <int W>
  struct Run {
    static void copy(const T* __restrict from, T* __restrict to) {
      for (int i = 0; i < W; ++i) to[i] = from[i];
    }
  };
  // Calls action with a run that divides those of a list; one never leaves a vector.
  template <class Action>
  static void with_run(Index listed, Action action) {
    if (listed % lanes == 0) return action(Run<lanes>{});
    if (listed % (lanes / 2) == 0) return action(Run<lanes / 2>{});
    if (listed % (lanes / 4) == 0) return action(Run<lanes / 4>{});
    action(Run<1>{});
  }

  // Rows [from, to) and columns [begin, end) of B, as rows of `width` with zeros at their ends.
  static void pack(const Strided<const T>& b, Index begin, Index end, Index from, Index to,
                   T* out) {
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

  // The same for what is listed, column by column.
  static void pack(const Listed<const T>& b, Index begin, Index end, Index from, Index to, T* out) {
    const Index columns = end - begin, padded = (columns + lanes - 1) / lanes * lanes;
    const Index terms = to - from;
    const Index* const rows_of_b = b.rows + from;
    with_run(b.run, [&]<int W>(Run<W> run) {
      for (Index j = 0; j < columns; j += W) {
        const T* column = b.data + b.columns[begin + j];
        for (Index l = 0; l < terms; ++l) run.copy(column + rows_of_b[l], out + l * width + j);
      }
      for (Index j = columns; j < padded; ++j)
        for (Index l = 0; l < terms; ++l) out[l * width + j] = T(0);
    });
  }

  template <int R, int N, class Panel>
  static void compute(const Tile<Panel>& tile, T* c, Index c_row) {
    for (Index from = 0; from < tile.terms; from += chunk_terms) {
      const Index to = least(from + chunk_terms, tile.terms);
      Vector sum[R][N];
#pragma GCC unroll 8
      for (int i = 0; i < R; ++i)
#pragma GCC unroll 3
        for (int j = 0; j < N; ++j) sum[i][j] = V::zero();

      const T* a = tile.a + from * tile.a_term;
      Panel b = tile.b;
      b.advance(from);
#pragma GCC unroll 2
      for (Index l = from; l < to; ++l, a += tile.a_term, b.advance(1)) {
        Vector terms[N];
#pragma GCC unroll 3
        for (int j = 0; j < N; ++j) terms[j] = V::load(b.vector(j));
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

  template <int R, class Panel>
  static void with_width(const Tile<Panel>& tile, Index vectors, T* c, Index c_row) {
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
  template <int R = rows, class Panel>
  static void dispatch(const Tile<Panel>& tile, Index m, Index vectors, T* c, Index c_row) {
    if constexpr (R > 1) {
      if (m < R) return dispatch<R - 1>(tile, m, vectors, c, c_row);
    }
    with_width<R>(tile, vectors, c, c_row);
  }
};

}  // namespace
}  // namespace noether::learn::kernels
