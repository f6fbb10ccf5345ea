#include "sim/sampling.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/text.h"

namespace noether::sim {
namespace {

// Ranges are declared as NAME_min, NAME_max in adjacent places.
void check_ranges(const System& system, std::span<const double> sampling) {
  for (std::size_t i = 0; i + 1 < sampling.size(); ++i) {
    const std::string& low = system.sampling[i].name;
    const std::string& high = system.sampling[i + 1].name;
    const bool range = low.ends_with("_min") && high.ends_with("_max");
    if (range && sampling[i] > sampling[i + 1]) {
      throw base::UsageError(fmt::format("{}: {} = {} is greater than {} = {}", system.name, low,
                                         base::format_double(sampling[i]), high,
                                         base::format_double(sampling[i + 1])));
    }
  }
}

using Start = std::vector<double>;

// Starts that are accepted, each the first of the draws from its stream.
template <class Accepts>
std::vector<double> sample(const System& system, std::span<const double> sampling,
                           std::span<const double> constants, std::uint64_t seed,
                           std::int64_t first, std::int64_t count, Accepts accepts) {
  constexpr int most_draws = 100;
  check_values(system.name, system.sampling, sampling);
  check_all_constants(system, constants,
                      static_cast<std::size_t>(std::max<std::int64_t>(count, 0)));
  check_ranges(system, sampling);
  if (first < 0 || count < 0) {
    throw base::UsageError(
        fmt::format("{}: {} initial states from number {}: neither may be negative", system.name,
                    count, first));
  }
  std::vector<double> states;
  states.reserve(static_cast<std::size_t>(count) * system.dimension());
  for (std::int64_t i = first; i < first + count; ++i) {
    base::RandomStream random(seed, base::Purpose::initial_state, static_cast<std::uint64_t>(i));
    const auto own = constants_of(system, constants, static_cast<std::size_t>(i - first));
    Start state;
    int draws = 0;
    do {
      if (++draws > most_draws) {
        throw base::NumericalError(
            fmt::format("{}: trajectory {}: bodies collide from each of {} starts", system.name, i,
                        most_draws));
      }
      state = system.sample_initial_state(random, sampling, own);
    } while (!accepts(state, own));
    states.insert(states.end(), state.begin(), state.end());
  }
  return states;
}

// Whether the bodies keep their distance. What cannot be integrated is a collision.
bool stays_apart(const System& system, std::span<const double> constants, const Start& start,
                 std::span<const double> times, const Integration& integration, double distance) {
  if (system.nearest(start) < distance) return false;
  try {
    const auto states = integrate(system, constants, start, times, integration);
    for (std::size_t k = 0; k < states.size(); k += start.size()) {
      if (system.nearest(std::span(states).subspan(k, start.size())) < distance) return false;
    }
    return true;
  } catch (const base::NumericalError&) {
    return false;
  }
}

}  // namespace

std::vector<double> draw_constants(const System& system, std::span<const base::Uniform> ranges,
                                   std::uint64_t seed, std::int64_t first, std::int64_t count) {
  std::vector<double> lows, highs, drawn;
  for (const base::Uniform& range : ranges) {
    lows.push_back(range.low);
    highs.push_back(range.high);
  }
  check_values(system.name, system.constants, lows);
  check_values(system.name, system.constants, highs);
  for (std::size_t k = 0; k < ranges.size(); ++k) {
    if (lows[k] <= highs[k]) continue;
    throw base::UsageError(
        fmt::format("{}: the range of {} is inverted", system.name, system.constants[k].name));
  }
  drawn.reserve(static_cast<std::size_t>(count) * ranges.size());
  for (std::int64_t i = first; i < first + count; ++i) {
    base::RandomStream random(seed, base::Purpose::constants, static_cast<std::uint64_t>(i));
    // one number of the stream for each constant, so that no constant depends on the others
    for (const base::Uniform& range : ranges) {
      const double share = random.uniform();
      drawn.push_back(range.is_number() ? range.low : range.low + (range.high - range.low) * share);
    }
  }
  return drawn;
}

std::vector<base::Uniform> default_ranges(const System& system) {
  std::vector<base::Uniform> ranges;
  for (const Constant& constant : system.constants)
    ranges.push_back(constant.drawn_from.value_or(base::Uniform{constant.value, constant.value}));
  return ranges;
}

std::vector<double> sample_initial_states(const System& system, std::span<const double> sampling,
                                          std::span<const double> constants, std::uint64_t seed,
                                          std::int64_t first, std::int64_t count) {
  return sample(system, sampling, constants, seed, first, count,
                [](const Start&, std::span<const double>) { return true; });
}

std::vector<double> sample_apart(const System& system, std::span<const double> sampling,
                                 std::span<const double> constants, std::uint64_t seed,
                                 std::int64_t first, std::int64_t count,
                                 std::span<const double> times, const Integration& integration) {
  const auto setting = std::ranges::find(system.sampling, least_distance_name, &Constant::name);
  const auto place = static_cast<std::size_t>(setting - system.sampling.begin());
  return sample(system, sampling, constants, seed, first, count,
                [&](const Start& start, std::span<const double> own) {
                  return stays_apart(system, own, start, times, integration, sampling[place]);
                });
}

std::vector<double> time_grid(double start, double end, int steps) {
  if (steps < 2) {
    throw base::UsageError(fmt::format("time grid: {} points; at least 2 are needed", steps));
  }
  if (!std::isfinite(start) || !std::isfinite(end) || !(end > start)) {
    throw base::UsageError(fmt::format("time grid: from {} to {}; expected finite, growing times",
                                       base::format_double(start), base::format_double(end)));
  }
  const double dt = (end - start) / (steps - 1);
  std::vector<double> times(static_cast<std::size_t>(steps));
  for (std::size_t n = 0; n < times.size(); ++n) times[n] = start + static_cast<double>(n) * dt;
  times.back() = end;
  return times;
}

std::vector<double> observe(std::span<const double> state, double noise_std, std::uint64_t seed,
                            std::int64_t index) {
  if (!std::isfinite(noise_std) || noise_std < 0) {
    throw base::UsageError(
        fmt::format("observation noise: standard deviation {}; expected 0 or more",
                    base::format_double(noise_std)));
  }
  std::vector<double> observation(state.begin(), state.end());
  if (noise_std == 0) return observation;
  base::RandomStream random(seed, base::Purpose::noise, static_cast<std::uint64_t>(index));
  for (double& x : observation) x += noise_std * random.normal();
  return observation;
}

}  // namespace noether::sim
