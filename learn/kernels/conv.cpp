// Convolutions as matrix products whose B is never written: an element of the matrix of patches
// lies where two lists of offsets tell, one for the pixels under the kernel and one for the places
// of the kernel on some padded images.
//
//   y  [k, places]    = w [k, pixels]       patches of x [pixels, places]
//   dw [k, pixels]    = g [k, places]       patches of x, transposed
//   dx [c, positions] = w [c, k elements]   patches of g [k elements, positions]
//
// With stride s, the pixels of dx fall into s x s phases: those whose row and column leave the same
// remainders when divided by s. Only every s-th element of the kernel reaches a phase, and it is a
// convolution with these in steps of one.

#include <algorithm>
#include <vector>

#include "learn/kernels/gemm.h"
#include "learn/kernels/kernels.h"
#include "learn/kernels/padded.h"
#include "learn/tensor/buffer.h"

namespace noether::learn::kernels {

namespace {

// One convolution: x [b, c, h, w] with kernels [k, c, kh, kw] gives [b, k, oh, ow].
struct Geometry {
  Index b, c, h, w, k, kh, kw, oh, ow, stride, padding;

  Index image() const { return c * h * w; }    // values of an image
  Index patch() const { return c * kh * kw; }  // values under the kernel
  Index places() const { return oh * ow; }     // of the kernel on an image
  Index output() const { return k * places(); }
};

Geometry geometry(const Shape& x, const Shape& w, const Shape& g, const Attributes& attributes) {
  return {
      x[0], x[1], x[2], x[3], w[0], w[2], w[3], g[2], g[3], attributes.stride, attributes.padding};
}

// Values that a function needs for its own; zeros if asked for.
template <class T>
class Scratch {
 public:
  explicit Scratch(Index size) : buffer_(static_cast<std::size_t>(size) * sizeof(T)) {}
  Scratch(Index size, T value) : Scratch(size) { std::fill_n(data(), size, value); }
  T* data() { return reinterpret_cast<T*>(buffer_.data()); }

 private:
  Buffer buffer_;
};

// Small images make large products together, of about this many columns or terms.
constexpr Index columns_at_once = 1024, terms_at_once = 256;

Index images_with(Index places, const Geometry& of) {
  return std::clamp<Index>(places / std::max<Index>(1, of.places()), 1, std::max<Index>(1, of.b));
}

// visit(first, count) for groups of images
template <class Visit>
void for_each_group(Index images, Index at_once, Visit visit) {
  for (Index first = 0; first < images; first += at_once) {
    visit(first, std::min(at_once, images - first));
  }
}

// Images of x as far as the kernel reaches.
Padded padded_x(const Geometry& of, Index split) {
  return {of.c,
          of.h,
          of.w,
          of.padding,
          (of.oh - 1) * of.stride + of.kh,
          (of.ow - 1) * of.stride + of.kw,
          split};
}

// [c kh kw]
Offsets pixels_under_kernel(const Geometry& of, const Padded& as) {
  Offsets across;
  for (Index j = 0; j < of.kw; ++j) across.push_back(as.column(j));
  return sums(steps(of.c, as.plane()), steps(of.kh, as.row()), across);
}

// [count oh ow]
Offsets places_of_kernel(const Geometry& of, const Padded& as, Index count) {
  return sums(steps(count, as.image()), steps(of.oh, of.stride * as.row()),
              steps(of.ow, of.stride / as.split));
}

// g [count, k, oh ow] as rows [k, count oh ow]
template <class T>
const T* rows_of(const Geometry& of, const T* g, Index count, T* rows) {
  if (count == 1) return g;
  for (Index n = 0; n < count; ++n)
    for (Index k = 0; k < of.k; ++k, g += of.places()) {
      std::copy_n(g, of.places(), rows + (k * count + n) * of.places());
    }
  return rows;
}

// The pixels first, first + s, ... along one axis. The i-th is reached from place begin + i by the
// kernel's element `element`, from the place before by the one s further, and so on.
struct Phase {
  Index pixels, begin, element, elements;
};
Phase phase(Index first, Index image, Index kernel, Index s, Index padding) {
  const auto divided_up = [s](Index n) { return std::max<Index>(0, n + s - 1) / s; };
  const Index element = (first + padding) % s;
  return {divided_up(image - first), (first + padding) / s, element, divided_up(kernel - element)};
}

// One gradient of images, a group of them and a phase after the other.
template <class T>
class ImageGradient {
 public:
  ImageGradient(const Geometry& of, const T* w) : of_(of) {
    T* kernels = kernels_.data();
    for (Index y = 0; y < s_; ++y)
      for (Index x = 0; x < s_; ++x) {
        const Phase down = phase(y, of.h, of.kh, s_, of.padding),
                    across = phase(x, of.w, of.kw, s_, of.padding);
        phases_.push_back(matrices(down, across));
        phases_.back().kernels = kernels;
        kernels = copy_kernels(down, across, w, kernels);
      }
  }

  // dx [b, c, h, w] from g [b, k, oh, ow]
  void compute(const T* g, T* dx) {
    for_each_group(of_.b, at_once_, [&](Index first, Index count) {
      pad(as_, g + first * of_.output(), count, padded_.data());
      for (Index y = 0; y < s_; ++y) {
        for (Index x = 0; x < s_; ++x) multiply_phase(phases_[at(y * s_ + x)], count, x);
        write_rows(y, count, dx + first * of_.image());
      }
    });
  }

 private:
  // The lists of one phase's product.
  struct Matrices {
    Index begin, pixels;  // of an image
    Index run, terms;
    Offsets elements, positions, outputs;
    const T* kernels;  // [k elements, c]
  };
  static std::size_t at(Index i) { return static_cast<std::size_t>(i); }

  Matrices matrices(const Phase& down, const Phase& across) const {
    return {
        (before_ + down.begin) * as_.row() + before_ + across.begin,
        down.pixels * across.pixels,
        across.pixels,
        of_.k * down.elements * across.elements,
        sums(steps(of_.k, as_.plane()), steps(down.elements, -as_.row()),
             steps(across.elements, -1)),
        sums(steps(at_once_, as_.image()), steps(down.pixels, as_.row()), steps(across.pixels, 1)),
        sums(steps(at_once_, of_.c * tall_ * wide_), steps(down.pixels, wide_),
             steps(across.pixels, 1)),
        nullptr};
  }

  // the elements of a phase, [k elements, c], from w [k, c, kh, kw]; returns their end
  T* copy_kernels(const Phase& down, const Phase& across, const T* w, T* to) const {
    const Index kernel = of_.kh * of_.kw;
    for (Index k = 0; k < of_.k; ++k, w += of_.c * kernel)
      for (Index i = down.element; i < of_.kh; i += s_)
        for (Index j = across.element; j < of_.kw; j += s_)
          for (Index c = 0; c < of_.c; ++c) *to++ = w[c * kernel + i * of_.kw + j];
    return to;
  }

  void multiply_phase(const Matrices& of, Index count, Index x) {
    T* const out = outputs_.data() + x * pitch_;
    if (of.terms == 0) std::fill_n(out, pitch_, T(0));
    multiply<T>({of_.c,
                 count * of.pixels,
                 of.terms,
                 {of.kernels, 1, of_.c},
                 {padded_.data() + of.begin, of.elements.data(), of.positions.data(), of.run},
                 {out, tall_ * wide_, of.outputs.data(), of.run},
                 false});
  }

  // every s-th row of dx, from y on
  void write_rows(Index y, Index count, T* dx) {
    with_count(of_.w, [&](auto w) {
      for (Index plane = 0; plane < count * of_.c; ++plane)
        for (Index row = y; row < of_.h; row += s_) {
          interleave(outputs_.data() + (plane * tall_ + row / s_) * wide_, pitch_, s_, w,
                     dx + (plane * of_.h + row) * of_.w);
        }
    });
  }

  const Geometry of_;
  const Index s_ = of_.stride;
  const Index before_ = (std::max(of_.kh, of_.kw) - 1) / s_;
  const Padded as_{of_.k,
                   of_.oh,
                   of_.ow,
                   before_,
                   before_ + (of_.h - 1 + of_.padding) / s_ + 1,
                   before_ + (of_.w - 1 + of_.padding) / s_ + 1};
  const Index at_once_ = images_with(columns_at_once, of_);
  const Index tall_ = (of_.h + s_ - 1) / s_, wide_ = (of_.w + s_ - 1) / s_;  // the largest phase
  const Index pitch_ = at_once_ * of_.c * tall_ * wide_;
  std::vector<Matrices> phases_;
  Scratch<T> padded_{at_once_ * as_.image(), T(0)}, kernels_{of_.k * of_.patch()},
      outputs_{s_ * pitch_};
};

}  // namespace

// x is [b, c, h, w], w is [k, c, kh, kw]; out is [b, k, oh, ow]
Tensor conv2d(const Call& call) {
  const Shape& shape = call.attributes.shape;
  const Geometry of = geometry(call[0].shape(), call[1].shape(), shape, call.attributes);
  const Padded as = padded_x(of, of.stride);
  const Index at_once = images_with(columns_at_once, of);
  const Offsets pixels = pixels_under_kernel(of, as), places = places_of_kernel(of, as, at_once);
  const Offsets outputs = sums(steps(at_once, of.output()), steps(of.places(), 1), {0});
  return with_dtype(call[0].dtype(), [&]<class T>(T) {
    return Tensor::build<T>(shape, [&](std::span<T> out) {
      Scratch<T> padded(at_once * as.image(), T(0));
      const T *x = call[0].data<T>().data(), *w = call[1].data<T>().data();
      for_each_group(of.b, at_once, [&](Index first, Index count) {
        pad(as, x + first * of.image(), count, padded.data());
        multiply<T>({of.k,
                     count * of.places(),
                     of.patch(),
                     {w, of.patch(), 1},
                     {padded.data(), pixels.data(), places.data(), of.ow},
                     {out.data() + first * of.output(), of.places(), outputs.data(), of.places()},
                     false});
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
      ImageGradient<T>(of, call[1].data<T>().data()).compute(call[0].data<T>().data(), out.data());
    });
  });
}

// x is [b, c, h, w], g is [b, k, oh, ow]; out is [k, c, kh, kw], summed over images
Tensor conv2d_dw(const Call& call) {
  const Shape& shape = call.attributes.shape;
  const Geometry of = geometry(call[0].shape(), shape, call[1].shape(), call.attributes);
  const Padded as = padded_x(of, 1);
  const Index at_once = images_with(terms_at_once, of);
  const Offsets places = places_of_kernel(of, as, at_once), pixels = pixels_under_kernel(of, as);
  const Offsets weights = steps(of.patch(), 1);
  return with_dtype(call[0].dtype(), [&]<class T>(T) {
    return Tensor::build<T>(shape, [&](std::span<T> out) {
      Scratch<T> padded(at_once * as.image(), T(0)), rows(at_once * of.output());
      std::ranges::fill(out, T(0));
      const T *x = call[0].data<T>().data(), *g = call[1].data<T>().data();
      for_each_group(of.b, at_once, [&](Index first, Index count) {
        pad(as, x + first * of.image(), count, padded.data());
        const Index n = count * of.places();
        multiply<T>({of.k,
                     of.patch(),
                     n,
                     {rows_of(of, g + first * of.output(), count, rows.data()), n, 1},
                     {padded.data(), places.data(), pixels.data(), of.kw},
                     {out.data(), of.patch(), weights.data(), of.patch()},
                     true});
      });
    });
  });
}

}  // namespace noether::learn::kernels
