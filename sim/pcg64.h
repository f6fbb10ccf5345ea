#pragma once

// NumPy's default generator, for episodes that must start exactly where Gymnasium starts them.

#include <array>
#include <cstdint>

namespace noether::sim {

// The first four 64-bit words that numpy.random.SeedSequence(seed) yields: O'Neill's seed_seq_fe
// with a pool of four 32-bit words.
std::array<std::uint64_t, 4> seed_sequence_words(std::uint64_t seed);

// PCG64 (XSL RR 128/64) of O'Neill, "PCG: a family of simple fast space-efficient statistically
// good algorithms for random number generation" (HMC-CS-2014-0905), seeded as
// numpy.random.PCG64(seed).
class Pcg64 {
 public:
  explicit Pcg64(std::uint64_t seed);

  std::uint64_t next_uint64();
  double next_double();                     // in [0, 1), a multiple of 2^-53
  double uniform(double low, double high);  // low + (high - low) * next_double()

 private:
  __extension__ using Word = unsigned __int128;
  void advance();
  Word state_ = 0;
  Word increment_ = 0;
};

}  // namespace noether::sim
