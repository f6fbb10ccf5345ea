#include "sim/pcg64.h"

#include <bit>

namespace noether::sim {
namespace {

constexpr std::size_t pool_size = 4;
using Pool = std::array<std::uint32_t, pool_size>;

// One step of the entropy hash; every call uses the next multiplier.
class Hash {
 public:
  Hash(std::uint32_t constant, std::uint32_t multiplier)
      : constant_(constant), multiplier_(multiplier) {}

  std::uint32_t operator()(std::uint32_t value) {
    value ^= constant_;
    constant_ *= multiplier_;
    value *= constant_;
    return value ^ (value >> 16U);
  }

 private:
  std::uint32_t constant_;
  std::uint32_t multiplier_;
};

std::uint32_t mix(std::uint32_t x, std::uint32_t y) {
  const std::uint32_t result = 0xca01f9ddU * x - 0x4973f715U * y;
  return result ^ (result >> 16U);
}

Pool entropy_pool(std::uint64_t seed) {
  const Pool entropy = {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32U),
                        0, 0};
  Hash hash(0x43b0d7e5U, 0x931e8875U);
  Pool pool{};
  for (std::size_t i = 0; i < pool_size; ++i) pool[i] = hash(entropy[i]);
  // every word reaches every other
  for (std::size_t from = 0; from < pool_size; ++from) {
    for (std::size_t to = 0; to < pool_size; ++to) {
      if (from != to) pool[to] = mix(pool[to], hash(pool[from]));
    }
  }
  return pool;
}

}  // namespace

std::array<std::uint64_t, 4> seed_sequence_words(std::uint64_t seed) {
  const Pool pool = entropy_pool(seed);
  Hash hash(0x8b51f9ddU, 0x58f38dedU);
  std::array<std::uint64_t, 4> words{};
  for (std::size_t i = 0; i < 2 * words.size(); ++i) {
    const std::uint64_t half = hash(pool[i % pool_size]);
    words[i / 2] |= half << (i % 2 == 0 ? 0U : 32U);
  }
  return words;
}

Pcg64::Pcg64(std::uint64_t seed) {
  const auto words = seed_sequence_words(seed);
  const Word start = Word{words[0]} << 64U | words[1];
  const Word stream = Word{words[2]} << 64U | words[3];
  increment_ = stream << 1U | 1U;
  advance();
  state_ += start;
  advance();
}

void Pcg64::advance() {
  constexpr Word multiplier = Word{2549297995355413924U} << 64U | 4865540595714422341U;
  state_ = state_ * multiplier + increment_;
}

std::uint64_t Pcg64::next_uint64() {
  advance();
  const auto high = static_cast<std::uint64_t>(state_ >> 64U);
  const auto low = static_cast<std::uint64_t>(state_);
  return std::rotr(high ^ low, static_cast<int>(high >> 58U));
}

double Pcg64::next_double() { return static_cast<double>(next_uint64() >> 11U) * 0x1p-53; }

double Pcg64::uniform(double low, double high) { return low + (high - low) * next_double(); }

}  // namespace noether::sim
