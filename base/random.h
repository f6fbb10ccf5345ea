#pragma once

// Counter-based random numbers: sample i needs no state left by sample i-1, so results do not
// depend on threads or on order. Philox 4x32-10 of Salmon et al., "Parallel random numbers: as easy
// as 1, 2, 3" (SC 2011), from the Random123 library.

#include <array>
#include <cstdint>

namespace noether::base {

// What a stream is for; streams of different purpose never share a number.
enum class Purpose : std::uint32_t {
  initial_state = 0,
  noise = 1,
  policy = 2,
  action = 3,
  splits = 4,
  episode_seed = 5,
  weights = 6,
  bootstrap = 7,
  minibatch = 8,
  ensemble = 9,
  derivative_noise = 10,
  constants = 11,
  film_colors = 12,
  film_background = 13,
  camera = 14,
  frame_noise = 15
};

// The uniform distribution U(low, high); one number where both are equal.
struct Uniform {
  double low = 0;
  double high = 0;
  bool is_number() const { return low == high; }
  friend bool operator==(const Uniform&, const Uniform&) = default;
};

// The stream of (seed, purpose, index): an unbounded sequence of numbers that is a function of the
// three alone (2^32 blocks of two doubles each). It may be read from a later block on.
class RandomStream {
 public:
  RandomStream(std::uint64_t seed, Purpose purpose, std::uint64_t index,
               std::uint32_t first_block = 0);

  std::uint64_t bits();                     // 64 uniform bits
  double uniform();                         // in [0, 1), a multiple of 2^-53
  double uniform(double low, double high);  // from low up to high, which only rounding can reach
  double normal();                          // mean 0, variance 1, by Box and Muller

 private:
  std::array<std::uint32_t, 2> key_;
  std::array<std::uint32_t, 4> counter_;
  std::array<std::uint64_t, 2> block_{};
  int left_in_block_ = 0;
  double spare_normal_ = 0;
  bool has_spare_normal_ = false;
};

// The name written into files: which generator, keyed by what.
inline constexpr const char* random_description =
    "Philox4x32-10 keyed by (seed, purpose, index); normals by Box-Muller";

}  // namespace noether::base
