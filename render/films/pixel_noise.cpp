#include "render/films/pixel_noise.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace noether::render {
namespace {

constexpr std::size_t numbers_per_block = 4;  // a block of the stream has four times 32 bits

// 2^32, above every number of 32 bits, where hardly anything is beyond
std::uint64_t in_32_bits(double probability) {
  return static_cast<std::uint64_t>(std::round(probability * 0x1p32));
}

}  // namespace

PixelNoise::PixelNoise(double deviation, std::uint64_t seed, std::uint64_t index, std::size_t first)
    : random_(seed, base::Purpose::frame_noise, index,
              static_cast<std::uint32_t>(first / numbers_per_block)) {
  for (std::size_t i = 0; i < at_most_.size(); ++i) {
    const double x = (static_cast<double>(i) - most + 0.5) / deviation;
    at_most_[i] = in_32_bits(std::erfc(-x / std::numbers::sqrt2) / 2);
  }
  for (std::size_t byte = 0; byte < guide_.size(); ++byte) {
    const auto first_of_byte = static_cast<std::uint64_t>(byte << 24U);
    const auto place = std::ranges::upper_bound(at_most_, first_of_byte);
    guide_[byte] = static_cast<std::uint16_t>(place - at_most_.begin());
  }
  for (std::size_t i = 0; i < first % numbers_per_block; ++i) next();
}

int PixelNoise::of(std::uint32_t u) const {
  std::size_t i = guide_[u >> 24U];
  while (i < at_most_.size() && u >= at_most_[i]) ++i;
  return static_cast<int>(i) - most;
}

void PixelNoise::add(std::span<std::uint8_t> numbers) {
  for (std::uint8_t& number : numbers)
    number = static_cast<std::uint8_t>(std::clamp(number + of(next()), 0, 255));
}

std::uint32_t PixelNoise::next() {
  if (has_half_) {
    has_half_ = false;
    return static_cast<std::uint32_t>(bits_ >> 32U);
  }
  bits_ = random_.bits();
  has_half_ = true;
  return static_cast<std::uint32_t>(bits_);
}

}  // namespace noether::render
