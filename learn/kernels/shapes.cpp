// Kernels that move or add values without changing them.

#include <algorithm>

#include "learn/kernels/flat.h"
#include "learn/kernels/kernels.h"
#include "learn/kernels/stretch.h"

namespace noether::learn::kernels {

namespace {

using Extents = std::array<std::int64_t, Shape::max_rank>;

// Extents with leading ones up to the highest rank.
Extents extents_of(const Shape& shape) {
  Extents extents;
  extents.fill(1);
  std::ranges::copy(shape.extents(), extents.end() - shape.rank());
  return extents;
}

// Row-major steps along each axis; 0 where the extent is 1, so that a broadcast axis stands still.
Extents steps_of(const Extents& extents) {
  Extents steps{};
  std::int64_t step = 1;
  for (std::size_t axis = extents.size(); axis-- > 0;) {
    steps[axis] = extents[axis] == 1 ? 0 : step;
    step *= extents[axis];
  }
  return steps;
}

// visit(offset) for every element of `extents` in row-major order, offset = sum of index * step
template <class Visit>
void walk(const Extents& extents, const Extents& steps, Visit visit) {
  for (std::int64_t i = 0; i < extents[0]; ++i)
    for (std::int64_t j = 0; j < extents[1]; ++j)
      for (std::int64_t k = 0; k < extents[2]; ++k)
        for (std::int64_t l = 0; l < extents[3]; ++l) {
          const std::int64_t row = i * steps[0] + j * steps[1] + k * steps[2] + l * steps[3];
          for (std::int64_t m = 0; m < extents[4]; ++m) visit(row + m * steps[4]);
        }
}

// Where `small` broadcasts to `large`, both seen as [outer, inner]: one row to all, or one value to
// each row. Other patterns go the slow way.
enum class Pattern { all_from_one, rows_from_one, columns_from_one, general };
struct Broadcast {
  Pattern pattern;
  std::int64_t outer, inner;
};

Broadcast pattern_of(const Shape& small, const Shape& large) {
  if (small.size() == 1) return {Pattern::all_from_one, 1, large.size()};
  const Extents s = extents_of(small), l = extents_of(large);
  const auto [differs, end] = std::ranges::mismatch(s, l);
  static_cast<void>(end);
  const auto first = static_cast<std::size_t>(differs - s.begin());
  const auto product = [&](std::size_t from, std::size_t to) {
    std::int64_t value = 1;
    for (std::size_t axis = from; axis < to; ++axis) value *= l[axis];
    return value;
  };
  // leading axes equal, then ones to the end: each value fills a row
  if (std::ranges::all_of(s.begin() + static_cast<std::ptrdiff_t>(first), s.end(),
                          [](std::int64_t n) { return n == 1; })) {
    return {Pattern::columns_from_one, product(0, first), product(first, l.size())};
  }
  // ones, then trailing axes equal: the whole of `small` is every row
  std::size_t last = s.size();
  while (last > 0 && s[last - 1] == l[last - 1]) --last;
  if (std::all_of(s.begin(), s.begin() + static_cast<std::ptrdiff_t>(last),
                  [](std::int64_t n) { return n == 1; })) {
    return {Pattern::rows_from_one, product(0, last), product(last, l.size())};
  }
  return {Pattern::general, 0, 0};
}

template <class T>
void broadcast_into(const Tensor& x, const Shape& shape, std::span<T> out) {
  const T* from = x.data<T>().data();
  const auto [pattern, outer, inner] = pattern_of(x.shape(), shape);
  switch (pattern) {
    case Pattern::all_from_one:
      std::ranges::fill(out, from[0]);
      return;
    case Pattern::rows_from_one:
      for (std::int64_t i = 0; i < outer; ++i) std::copy_n(from, inner, out.data() + i * inner);
      return;
    case Pattern::columns_from_one:
      for (std::int64_t i = 0; i < outer; ++i) std::fill_n(out.data() + i * inner, inner, from[i]);
      return;
    case Pattern::general:
      walk(extents_of(shape), steps_of(extents_of(x.shape())),
           [&, to = out.data()](std::int64_t offset) mutable { *to++ = from[offset]; });
  }
}

template <class T>
void sum_into(const Tensor& x, const Shape& shape, std::span<T> out) {
  const auto [pattern, outer, inner] = pattern_of(shape, x.shape());
  switch (pattern) {
    case Pattern::all_from_one:
      out[0] = flat<T>(x).sum();
      return;
    case Pattern::rows_from_one: {
      auto total = flat(out);
      const T* from = x.data<T>().data();
      total.setZero();
      for (std::int64_t i = 0; i < outer; ++i) {
        total += Eigen::Map<const Eigen::Array<T, Eigen::Dynamic, 1>>(from + i * inner, inner);
      }
      return;
    }
    case Pattern::columns_from_one: {
      const auto rows = grid<T>(x, outer, inner);
      for (std::int64_t i = 0; i < outer; ++i) out[static_cast<std::size_t>(i)] = rows.row(i).sum();
      return;
    }
    case Pattern::general:
      std::ranges::fill(out, T(0));
      if (const auto by = stretch(shape, x.shape())) {
        const auto rows = grid<T>(x, by->outer * by->middle, by->inner);
        for (std::int64_t i = 0; i < rows.rows(); ++i)
          out[static_cast<std::size_t>(i % by->middle)] += rows.row(i).sum();
        return;
      }
      walk(extents_of(x.shape()), steps_of(extents_of(shape)),
           [&, from = x.data<T>().data()](std::int64_t offset) mutable {
             out[static_cast<std::size_t>(offset)] += *from++;
           });
  }
}

// A tensor of the call's type and the given shape, filled by fill.
template <class Fill>
Tensor filled(const Call& c, const Shape& shape, Fill fill) {
  return with_dtype(c[0].dtype(), [&]<class T>(T) {
    return Tensor::build<T>(shape, [&](std::span<T> out) { fill(c[0].data<T>().data(), out); });
  });
}

// Axis sizes before, at and after `axis`: a tensor as [outer, extent, inner].
struct Around {
  std::int64_t outer = 1, inner = 1;
};
Around around(const Shape& shape, int axis) {
  Around sizes;
  for (int i = 0; i < axis; ++i) sizes.outer *= shape[i];
  for (int i = axis + 1; i < shape.rank(); ++i) sizes.inner *= shape[i];
  return sizes;
}

}  // namespace

Tensor broadcast_to(const Call& c) {
  return with_dtype(c[0].dtype(), [&]<class T>(T) {
    return Tensor::build<T>(c.attributes.shape, [&](std::span<T> out) {
      broadcast_into(c[0], c.attributes.shape, out);
    });
  });
}

Tensor sum_to(const Call& c) {
  return with_dtype(c[0].dtype(), [&]<class T>(T) {
    return Tensor::build<T>(c.attributes.shape,
                            [&](std::span<T> out) { sum_into(c[0], c.attributes.shape, out); });
  });
}

Tensor reshape(const Call& c) { return c[0].reshaped(c.attributes.shape); }

Tensor permute(const Call& c) {
  const Shape& from = c[0].shape();
  const Extents in_steps = steps_of(extents_of(from));
  const auto lead = static_cast<std::size_t>(Shape::max_rank - from.rank());
  Extents extents, steps{};
  extents.fill(1);
  std::vector<std::int64_t> shape;
  for (std::size_t i = 0; i < static_cast<std::size_t>(from.rank()); ++i) {
    const int axis = c.attributes.axes[i];
    shape.push_back(from[axis]);
    extents[lead + i] = from[axis];
    steps[lead + i] = in_steps[lead + static_cast<std::size_t>(axis)];
  }
  return filled(c, Shape(shape), [&](const auto* x, auto out) {
    walk(extents, steps, [&, to = out.data()](std::int64_t offset) mutable { *to++ = x[offset]; });
  });
}

// x seen as [outer, extent, inner]; out is [outer, kept, inner]
Tensor slice(const Call& c) {
  const auto [outer, inner] = around(c[0].shape(), c.attributes.axis);
  const std::int64_t row = c[0].shape()[c.attributes.axis] * inner,
                     kept = c.attributes.shape[c.attributes.axis] * inner,
                     first = c.attributes.begin * inner;
  return filled(c, c.attributes.shape, [&, outer = outer](const auto* x, auto out) {
    for (std::int64_t i = 0; i < outer; ++i) {
      std::copy_n(x + i * row + first, kept, out.data() + i * kept);
    }
  });
}

// x seen as [outer, extent, inner]; out is [outer, padded, inner]
Tensor pad(const Call& c) {
  const auto [outer, inner] = around(c[0].shape(), c.attributes.axis);
  const std::int64_t row = c[0].shape()[c.attributes.axis] * inner,
                     padded = c.attributes.shape[c.attributes.axis] * inner,
                     first = c.attributes.begin * inner;
  return filled(c, c.attributes.shape, [&, outer = outer](const auto* x, auto out) {
    flat(out).setZero();
    for (std::int64_t i = 0; i < outer; ++i) {
      std::copy_n(x + i * row, row, out.data() + i * padded + first);
    }
  });
}

// each input seen as [outer, its extent, inner]; out is [outer, sum of extents, inner]
Tensor concat(const Call& c) {
  const int axis = c.attributes.axis;
  const auto [outer, inner] = around(c.attributes.shape, axis);
  const std::int64_t joined = c.attributes.shape[axis] * inner;
  return filled(c, c.attributes.shape,
                [&, rows = outer, width = inner]<class T>(const T*, std::span<T> out) {
                  T* to = out.data();
                  for (const Tensor& part : c.inputs) {
                    const std::int64_t row = part.shape()[axis] * width;
                    const T* from = part.data<T>().data();
                    for (std::int64_t i = 0; i < rows; ++i)
                      std::copy_n(from + i * row, row, to + i * joined);
                    to += row;
                  }
                });
}

// x is [n, inner...]; out is [rows, inner...]
Tensor gather(const Call& c) {
  const auto [outer, inner] = around(c[0].shape(), 0);
  static_cast<void>(outer);
  return filled(c, c.attributes.shape, [&, width = inner](const auto* x, auto out) {
    auto* to = out.data();
    for (const std::int64_t row : *c.attributes.indices) {
      to = std::copy_n(x + row * width, width, to);
    }
  });
}

// x is [rows, inner...]; out is [n, inner...]
Tensor scatter_add(const Call& c) {
  const auto [outer, inner] = around(c[0].shape(), 0);
  static_cast<void>(outer);
  return filled(c, c.attributes.shape, [&, width = inner](const auto* x, auto out) {
    flat(out).setZero();
    for (const std::int64_t row : *c.attributes.indices) {
      for (std::int64_t i = 0; i < width; ++i) {
        out[static_cast<std::size_t>(row * width + i)] += *x++;
      }
    }
  });
}

}  // namespace noether::learn::kernels
