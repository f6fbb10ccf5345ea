#pragma once

// Small clips for tests.

#include "learn/autodiff/ops.h"
#include "learn/train/clips.h"
#include "tests/learn/autodiff/op_examples.h"

namespace noether::test {

using learn::Clips;
using learn::Shape;
using learn::Tensor;
using learn::Tensors;

// A film [n, T, c, h, w] frame by frame.
inline Tensors frames_of(const Tensor& film) {
  const Shape& s = film.shape();
  Tensors frames;
  for (std::int64_t t = 0; t < s[1]; ++t)
    frames.push_back(reshape(slice(film, 1, t, t + 1), {s[0], s[2], s[3], s[4]}));
  return frames;
}

// n clips of T frames of size x size values between 0 and 1.
inline Clips irregular_clips(std::int64_t n, std::int64_t times, std::int64_t size) {
  return {frames_of(irregular({n, times, 1, size, size}, 0, 1)),
          irregular({n, times - 1, 1}, -1, 1, 1)};
}

inline Clips only(const Clips& clips, std::int64_t i) {
  Clips one{clips.frames, slice(clips.actions, 0, i, i + 1)};
  for (Tensor& frame : one.frames) frame = slice(frame, 0, i, i + 1);
  return one;
}

}  // namespace noether::test
