// Convolutions as matrix products: the patches under the kernel become the columns of a matrix,
// those of several images at a time.
//
// A padded image is first split into its phases: with stride s, the pixels whose row and column
// leave the remainders (py, px) when divided by s. A patch then reads runs of neighbours in one
// phase, and meets no edge. With stride 1 there is one phase, the padded image itself.

#include <algorithm>
#include <cstring>
#include <type_traits>

#include "learn/kernels/gemm.h"
#include "learn/kernels/kernels.h"
#include "learn/tensor/buffer.h"

namespace noether::learn::kernels {

namespace {

// One convolution: x [b, c, h, w] with kernels [k, c, kh, kw] gives [b, k, oh, ow].
struct Geometry {
  std::int64_t b, c, h, w, k, kh, kw, oh, ow, stride, padding;

  std::int64_t image() const { return c * h * w; }    // values of an image
  std::int64_t patch() const { return c * kh * kw; }  // values under the kernel
  std::int64_t places() const { return oh * ow; }     // of the kernel on an image

  // what the kernel reaches of one phase of an image: [c, rows, columns]
  std::int64_t phase_rows() const { return oh + (kh - 1) / stride; }
  std::int64_t phase_columns() const { return ow + (kw - 1) / stride; }
  std::int64_t phase() const { return c * phase_rows() * phase_columns(); }
  std::int64_t phases_down() const { return std::min(stride, kh); }
  std::int64_t phases_across() const { return std::min(stride, kw); }
};

Geometry geometry(const Shape& x, const Shape& w, const Shape& g, const Attributes& attributes) {
  return {
      x[0], x[1], x[2], x[3], w[0], w[2], w[3], g[2], g[3], attributes.stride, attributes.padding};
}

// One row of a phase, and the row of the image of which it holds every stride-th pixel.
struct PhaseRow {
  std::int64_t in_phases;    // offset
  std::int64_t in_image;     // offset of the pixel at column 0, which may lie in the padding
  std::int64_t first, last;  // the columns that see the image; the others see padding
};

// visit(row) for all rows in their order in memory, [py, px, c, row]
template <class Visit>
void for_each_phase_row(const Geometry& of, Visit visit) {
  std::int64_t offset = 0;
  const std::int64_t columns = of.phase_columns(), s = of.stride;
  const auto divided_up = [&](std::int64_t n) { return std::max<std::int64_t>(0, n + s - 1) / s; };
  for (std::int64_t py = 0; py < of.phases_down(); ++py)
    for (std::int64_t px = 0; px < of.phases_across(); ++px) {
      // 0 <= column s + shift < w
      const std::int64_t shift = px - of.padding;
      const std::int64_t first = std::min(divided_up(-shift), columns);
      const std::int64_t last = std::clamp(divided_up(of.w - shift), first, columns);
      for (std::int64_t c = 0; c < of.c; ++c)
        for (std::int64_t row = 0; row < of.phase_rows(); ++row, offset += columns) {
          const std::int64_t y = row * s + py - of.padding;
          const bool inside = 0 <= y && y < of.h;
          visit(PhaseRow{offset, (c * of.h + y) * of.w + shift, first, inside ? last : first});
        }
    }
}

// visit(offset in the phases, offset in the columns) for every run of ow values, which are
// neighbours in both; columns are [c kh kw, pitch], and an image has the oh ow from `begin` on
template <class Visit>
void for_each_run(const Geometry& of, std::int64_t pitch, std::int64_t begin, Visit visit) {
  const std::int64_t s = of.stride, columns = of.phase_columns();
  std::int64_t row = begin;
  for (std::int64_t c = 0; c < of.c; ++c)
    for (std::int64_t i = 0; i < of.kh; ++i)
      for (std::int64_t j = 0; j < of.kw; ++j, row += pitch) {
        const std::int64_t phase = (i % s * of.phases_across() + j % s) * of.phase();
        const std::int64_t corner = phase + (c * of.phase_rows() + i / s) * columns + j / s;
        for (std::int64_t oy = 0; oy < of.oh; ++oy) visit(corner + oy * columns, row + oy * of.ow);
      }
}

// Calls action(width), which is known to the compiler where it is one of those of real models:
// short runs are then moved without a loop.
template <class Action>
void with_width(std::int64_t width, Action action) {
  switch (width) {
    case 4:
      return action(std::integral_constant<std::int64_t, 4>{});
    case 8:
      return action(std::integral_constant<std::int64_t, 8>{});
    case 16:
      return action(std::integral_constant<std::int64_t, 16>{});
    case 32:
      return action(std::integral_constant<std::int64_t, 32>{});
    default:
      return action(width);
  }
}

// to[i] = from[i step]; a step known to the compiler is vectorised
template <class T>
void gather_run(const T* __restrict from, std::int64_t step, std::int64_t n, T* __restrict to) {
  if (step == 2) {
    for (std::int64_t i = 0; i < n; ++i) to[i] = from[2 * i];
  } else {
    for (std::int64_t i = 0; i < n; ++i) to[i] = from[i * step];
  }
}

// image is [c, h, w]; phases get its pixels, and keep their zeros where they see padding
template <class T>
void to_phases(const Geometry& of, const T* image, T* phases) {
  for_each_phase_row(of, [&](const PhaseRow& row) {
    gather_run(image + row.in_image + row.first * of.stride, of.stride, row.last - row.first,
               phases + row.in_phases + row.first);
  });
}

// the adjoint: image gets the phases' values, and zeros where no phase reaches
template <class T>
void from_phases(const Geometry& of, const T* phases, T* image) {
  std::fill_n(image, of.image(), T(0));
  for_each_phase_row(of, [&](const PhaseRow& row) {
    const T* from = phases + row.in_phases;
    for (std::int64_t i = row.first; i < row.last; ++i) {
      image[row.in_image + i * of.stride] = from[i];
    }
  });
}

// How many images are taken at a time: such that their columns, and the product's, stay in the
// cache. Small images make large products together.
std::int64_t images_at_once(const Geometry& of) {
  constexpr std::int64_t most_values = 1 << 16;
  return std::clamp<std::int64_t>(most_values / std::max<std::int64_t>(1, of.patch() * of.places()),
                                  1, std::max<std::int64_t>(1, of.b));
}

// The matrices of some images, used for one group after the other.
template <class T>
class Patches {
 public:
  explicit Patches(const Geometry& of)
      : of_(of),
        at_once_(images_at_once(of)),
        phases_(bytes(of.phases_down() * of.phases_across() * of.phase())),
        columns_(bytes(of.patch() * of.places() * at_once_)),
        rows_(bytes(of.k * of.places() * at_once_)) {
    clear_phases();
  }

  // visit(first, count) for the groups of images
  template <class Visit>
  void for_each_group(Visit visit) const {
    for (std::int64_t first = 0; first < of_.b; first += at_once_) {
      visit(first, std::min(at_once_, of_.b - first));
    }
  }

  // [c kh kw, count oh ow] of images x [count, c, h, w]
  const T* columns_of(const T* x, std::int64_t count) {
    for (std::int64_t n = 0; n < count; ++n) {
      to_phases(of_, x + n * of_.image(), phases());
      with_width(of_.ow, [&, from = phases(), to = columns()](auto ow) {
        for_each_run(of_, count * of_.places(), n * of_.places(), [&](auto in_phases, auto column) {
          std::memcpy(to + column, from + in_phases, static_cast<std::size_t>(ow) * sizeof(T));
        });
      });
    }
    return columns();
  }
  // the adjoint: x [count, c, h, w] from the columns
  void add_columns(std::int64_t count, T* x) {
    for (std::int64_t n = 0; n < count; ++n) {
      clear_phases();
      with_width(of_.ow, [&, to = phases(), from = columns()](auto ow) {
        for_each_run(of_, count * of_.places(), n * of_.places(), [&](auto in_phases, auto column) {
          T* __restrict sums = to + in_phases;
          const T* __restrict terms = from + column;
          for (std::int64_t i = 0; i < ow; ++i) sums[i] += terms[i];
        });
      });
      from_phases(of_, phases(), x + n * of_.image());
    }
  }

  // g [count, k, oh ow] as rows [k, count oh ow], and back
  const T* rows_of(const T* g, std::int64_t count) {
    if (count == 1) return g;
    swap_axes(g, count, of_.k, rows());
    return rows();
  }
  void from_rows(std::int64_t count, T* g) { swap_axes(rows(), of_.k, count, g); }

  T* columns() { return reinterpret_cast<T*>(columns_.data()); }
  T* rows() { return reinterpret_cast<T*>(rows_.data()); }

 private:
  static std::size_t bytes(std::int64_t values) {
    return static_cast<std::size_t>(values) * sizeof(T);
  }
  T* phases() { return reinterpret_cast<T*>(phases_.data()); }
  void clear_phases() {
    std::fill_n(phases(), of_.phases_down() * of_.phases_across() * of_.phase(), T(0));
  }
  // from [m, n, oh ow] to [n, m, oh ow]
  void swap_axes(const T* from, std::int64_t m, std::int64_t n, T* to) const {
    for (std::int64_t i = 0; i < m; ++i)
      for (std::int64_t j = 0; j < n; ++j, from += of_.places()) {
        std::copy_n(from, of_.places(), to + (j * m + i) * of_.places());
      }
  }

  Geometry of_;
  std::int64_t at_once_;
  Buffer phases_, columns_, rows_;
};

}  // namespace

// x is [b, c, h, w], w is [k, c, kh, kw]; out is [b, k, oh, ow]
Tensor conv2d(const Call& call) {
  const Shape& shape = call.attributes.shape;
  const Geometry of = geometry(call[0].shape(), call[1].shape(), shape, call.attributes);
  return with_dtype(call[0].dtype(), [&]<class T>(T) {
    return Tensor::build<T>(shape, [&](std::span<T> out) {
      Patches<T> patches(of);
      const T *x = call[0].data<T>().data(), *w = call[1].data<T>().data();
      patches.for_each_group([&](std::int64_t first, std::int64_t count) {
        // [k, count oh ow] = [k, c kh kw] [c kh kw, count oh ow]
        const T* columns = patches.columns_of(x + first * of.image(), count);
        T* mine = out.data() + first * of.k * of.places();
        gemm(false, false, of.k, count * of.places(), of.patch(), w, columns, T(0),
             count == 1 ? mine : patches.rows());
        if (count > 1) patches.from_rows(count, mine);
      });
    });
  });
}

// g is [b, k, oh, ow], w is [k, c, kh, kw]; out is [b, c, h, w]
Tensor conv2d_dx(const Call& call) {
  const Shape& shape = call.attributes.shape;
  const Geometry of = geometry(shape, call[1].shape(), call[0].shape(), call.attributes);
  return with_dtype(call[0].dtype(), [&]<class T>(T) {
    return Tensor::build<T>(shape, [&](std::span<T> out) {
      Patches<T> patches(of);
      const T *g = call[0].data<T>().data(), *w = call[1].data<T>().data();
      patches.for_each_group([&](std::int64_t first, std::int64_t count) {
        // [c kh kw, count oh ow] = [k, c kh kw]^T [k, count oh ow]
        gemm(true, false, of.patch(), count * of.places(), of.k, w,
             patches.rows_of(g + first * of.k * of.places(), count), T(0), patches.columns());
        patches.add_columns(count, out.data() + first * of.image());
      });
    });
  });
}

// x is [b, c, h, w], g is [b, k, oh, ow]; out is [k, c, kh, kw], summed over images
Tensor conv2d_dw(const Call& call) {
  const Shape& shape = call.attributes.shape;
  const Geometry of = geometry(call[0].shape(), shape, call[1].shape(), call.attributes);
  return with_dtype(call[0].dtype(), [&]<class T>(T) {
    return Tensor::build<T>(shape, [&](std::span<T> out) {
      Patches<T> patches(of);
      std::ranges::fill(out, T(0));
      const T *x = call[0].data<T>().data(), *g = call[1].data<T>().data();
      patches.for_each_group([&](std::int64_t first, std::int64_t count) {
        // [k, c kh kw] += [k, count oh ow] [c kh kw, count oh ow]^T
        const T* columns = patches.columns_of(x + first * of.image(), count);
        gemm(false, true, of.k, of.patch(), count * of.places(),
             patches.rows_of(g + first * of.k * of.places(), count), columns, T(1), out.data());
      });
    });
  });
}

}  // namespace noether::learn::kernels
