#pragma once

// Images with zeros around them, and the places of their values in memory.

#include <algorithm>
#include <type_traits>
#include <vector>

#include "learn/kernels/product.h"

namespace noether::learn::kernels {

using Offsets = std::vector<Index>;

// 0, step, 2 step, ...
inline Offsets steps(Index count, Index step) {
  Offsets all(static_cast<std::size_t>(count));
  for (Index i = 0; i < count; ++i) all[static_cast<std::size_t>(i)] = i * step;
  return all;
}

// All a + b + c, the last changing fastest.
inline Offsets sums(const Offsets& a, const Offsets& b, const Offsets& c) {
  Offsets all;
  all.reserve(a.size() * b.size() * c.size());
  for (const Index i : a)
    for (const Index j : b)
      for (const Index k : c) all.push_back(i + j + k);
  return all;
}

// Images [c, h, w] padded to [c, rows, columns], `before` zeros above them and to their left. Rows
// and columns may end before the image does. A row is stored as [split, columns / split]: number x
// lies at x / split among those with its remainder, so what lies `split` apart become neighbours.
struct Padded {
  Index c, h, w;
  Index before;
  Index rows, columns;
  Index split = 1;

  Index part() const { return (columns + split - 1) / split; }  // of a row
  Index row() const { return split * part(); }
  Index plane() const { return rows * row(); }
  Index image() const { return c * plane(); }
  Index column(Index x) const { return x % split * part() + x / split; }
};

// Calls action(count), which is known to the compiler where it is one of those of real models:
// short rows are then moved without a loop.
template <class Action>
void with_count(Index count, Action action) {
  switch (count) {
    case 4:
      return action(std::integral_constant<Index, 4>{});
    case 8:
      return action(std::integral_constant<Index, 8>{});
    case 16:
      return action(std::integral_constant<Index, 16>{});
    case 32:
      return action(std::integral_constant<Index, 32>{});
    case 64:
      return action(std::integral_constant<Index, 64>{});
    default:
      return action(count);
  }
}

// to[i] = from[i step]; a step known to the compiler is vectorised
template <class T, class Count>
void gather_run(const T* __restrict from, Index step, Count n, T* __restrict to) {
  if (step == 1) {
    for (Index i = 0; i < n; ++i) to[i] = from[i];
  } else if (step == 2) {
    for (Index i = 0; i < n; ++i) to[i] = from[2 * i];
  } else {
    for (Index i = 0; i < n; ++i) to[i] = from[i * step];
  }
}

// Copies images [count, c, h, w] into padded ones that have their zeros already.
template <class T>
void pad(const Padded& as, const T* images, Index count, T* padded) {
  const Index rows = std::min(as.h, as.rows - as.before);
  const Index columns = std::min(as.w, as.columns - as.before);
  for (Index x = 0; x < std::min(as.split, columns); ++x) {
    T* const corner = padded + as.before * as.row() + as.column(as.before + x);
    with_count((columns - x + as.split - 1) / as.split, [&](auto n) {
      for (Index plane = 0; plane < count * as.c; ++plane)
        for (Index y = 0; y < rows; ++y) {
          gather_run(images + (plane * as.h + y) * as.w + x, as.split, n,
                     corner + plane * as.plane() + y * as.row());
        }
    });
  }
}

// to[x] = from[x % parts][x / parts], whose parts lie `pitch` apart
template <class T, class Count>
void interleave(const T* __restrict from, Index pitch, Index parts, Count n, T* __restrict to) {
  if (parts == 2 && n % 2 == 0) {
    for (Index i = 0; i < n / 2; ++i) {
      to[2 * i] = from[i];
      to[2 * i + 1] = from[pitch + i];
    }
  } else {
    for (Index x = 0; x < n; ++x) to[x] = from[x % parts * pitch + x / parts];
  }
}

}  // namespace noether::learn::kernels
