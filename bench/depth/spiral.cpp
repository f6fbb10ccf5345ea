#include "bench/depth/spiral.h"

#include <algorithm>
#include <cmath>

#include "base/random.h"

namespace noether::bench {
namespace {

constexpr int observations = 60;
constexpr double noise = 0.02;

// 0 and `count` - 1 times that are spread evenly, at random.
std::vector<double> random_times(std::uint64_t seed, std::uint64_t stream, int count, double end) {
  base::RandomStream random(seed, base::Purpose::initial_state, stream);
  std::vector<double> times{0};
  while (std::ssize(times) < count) times.push_back(random.uniform(0, end));
  std::ranges::sort(times);
  // two at one time would say nothing
  times.erase(std::ranges::unique(times).begin(), times.end());
  return times;
}

}  // namespace

std::vector<double> spiral_at(double t) {
  const double radius = 2 * std::exp(-t / 10);
  return {radius * std::cos(2 * t), -radius * std::sin(2 * t)};
}

Spiral make_spiral(std::uint64_t seed) {
  Spiral spiral;
  spiral.times = random_times(seed, 0, observations, spiral.observed_until);
  spiral.other_times = random_times(
      seed, 1, static_cast<int>(observations * spiral.predicted_until / spiral.observed_until),
      spiral.predicted_until);
  base::RandomStream random(seed, base::Purpose::noise, 0);
  std::vector<double> values;
  for (const double t : spiral.times) {
    for (const double y : spiral_at(t)) values.push_back(y + noise * random.normal());
  }
  spiral.observed =
      learn::Tensor::from<double>(values, {static_cast<std::int64_t>(spiral.times.size()), 2});
  return spiral;
}

}  // namespace noether::bench
