#pragma once

// Noise of a camera, for numbers of a pixel: whole numbers from 0 to 255.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/random.h"

namespace noether::render {

// Adds s N(0, 1) to each number, rounds, and cuts off at 0 and 255. Since a number is whole, that
// is to add a whole k with P(k or less) = Phi((k + 1/2) / s). So k is looked up by a uniform number
// of 32 bits: the probabilities are right to 2^-32, and no logarithm or sine is taken.
class PixelNoise {
 public:
  // The noise of film `index` from number `first` of its frames on; `deviation` is s > 0.
  PixelNoise(double deviation, std::uint64_t seed, std::uint64_t index, std::size_t first);

  // Of the next numbers.
  void add(std::span<std::uint8_t> numbers);

  // k for a uniform number of 32 bits: it grows with u.
  int of(std::uint32_t u) const;

 private:
  static constexpr int most = 255;  // |k|
  std::uint32_t next();

  // 2^32 P(k or less), for k = -most, ..., most - 1; none is needed of a last one
  std::array<std::uint64_t, 2 * most> at_most_ = {};
  std::array<std::uint16_t, 256> guide_ = {};  // by the first byte: where to begin to look
  base::RandomStream random_;
  std::uint64_t bits_ = 0;
  bool has_half_ = false;  // of the bits
};

}  // namespace noether::render
