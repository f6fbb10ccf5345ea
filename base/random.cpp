#include "base/random.h"

#include <Random123/philox.h>

#include <cmath>
#include <numbers>

namespace noether::base {
namespace {

std::uint32_t low_half(std::uint64_t x) { return static_cast<std::uint32_t>(x); }
std::uint32_t high_half(std::uint64_t x) { return static_cast<std::uint32_t>(x >> 32U); }

}  // namespace

RandomStream::RandomStream(std::uint64_t seed, Purpose purpose, std::uint64_t index,
                           std::uint32_t first_block)
    : key_{low_half(seed), high_half(seed)},
      counter_{first_block, static_cast<std::uint32_t>(purpose), low_half(index),
               high_half(index)} {}

std::uint64_t RandomStream::bits() {
  if (left_in_block_ == 0) {
    const r123::Philox4x32::ctr_type counter{{counter_[0], counter_[1], counter_[2], counter_[3]}};
    const r123::Philox4x32::key_type key{{key_[0], key_[1]}};
    const auto word = r123::Philox4x32{}(counter, key);
    block_ = {word[0] | std::uint64_t{word[1]} << 32U, word[2] | std::uint64_t{word[3]} << 32U};
    ++counter_[0];
    left_in_block_ = 2;
  }
  return block_[static_cast<std::size_t>(2 - left_in_block_--)];
}

double RandomStream::uniform() { return static_cast<double>(bits() >> 11U) * 0x1p-53; }

double RandomStream::uniform(double low, double high) { return low + (high - low) * uniform(); }

double RandomStream::normal() {
  if (has_spare_normal_) {
    has_spare_normal_ = false;
    return spare_normal_;
  }
  // 1 - u lies in (0, 1], where the logarithm is finite
  const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
  const double angle = 2.0 * std::numbers::pi * uniform();
  spare_normal_ = radius * std::sin(angle);
  has_spare_normal_ = true;
  return radius * std::cos(angle);
}

}  // namespace noether::base
