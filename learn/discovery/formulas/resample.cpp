#include <algorithm>
#include <cmath>
#include <utility>

#include "base/random.h"
#include "learn/discovery/formulas/fit.h"
#include "learn/discovery/formulas/law.h"
#include "learn/discovery/formulas/parameter_sizes.h"

namespace noether::learn::symbolic {

namespace {

constexpr std::size_t blocks_of_one_trajectory = 10;

// How often each point is drawn: whole trajectories, or blocks of the only one, with replacement.
std::vector<double> drawn_weights(const Points& all, base::RandomStream random) {
  const std::size_t points = all.count, trajectories = all.starts.size() - 1;
  const std::size_t units =
      trajectories > 1 ? trajectories : std::min(blocks_of_one_trajectory, points);
  std::vector<double> times(units);
  for (std::size_t i = 0; i < units; ++i) {
    times[static_cast<std::size_t>(random.uniform() * static_cast<double>(units))] += 1;
  }
  std::vector<double> weights;
  const std::vector<std::size_t> of = all.trajectories();
  for (std::size_t i = 0; i < points; ++i)
    weights.push_back(times[trajectories > 1 ? of[i] : i * units / points]);
  return weights;
}

struct Draw {
  std::span<const double> weights;
  std::span<const double> sizes;
};

std::vector<double> refitted(const Law& law, const Program& program, const Points& all,
                             const Fitting& options, const Draw& draw, Machine& machine) {
  // twelve steps from the optimum are plenty
  if (options.offset_variance > 0) {
    return descended_with_offsets(program, all,
                                  {.parameters = law.parameters, .offsets = law.offsets},
                                  {.variance = options.offset_variance,
                                   .resolution = resolution_of(law.score),
                                   .steps = 12,
                                   .bound = options.bound,
                                   .weights = draw.weights,
                                   .sizes = draw.sizes})
        .parameters;
  }
  return descended(
             program, all, law.parameters,
             {.steps = 12, .bound = options.bound, .weights = draw.weights, .sizes = draw.sizes},
             machine)
      .parameters;
}

// The value below which this part of the sorted values lies, between them linearly.
double quantile(const std::vector<double>& sorted, double part) {
  const double at = part * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (at - std::floor(at)) * (sorted[above] - sorted[below]);
}

}  // namespace

std::vector<Interval> parameter_intervals(const Law& law, const Points& all, const Fitting& options,
                                          int resamples, std::uint64_t seed, Machine& machine) {
  if (law.parameters.empty() || resamples < 1) return {};
  const Program program = compile(law.formula);
  const std::vector<double> sizes = parameter_sizes(law.formula, all);
  std::vector<std::vector<double>> values(law.parameters.size());
  for (int i = 0; i < resamples; ++i) {
    const auto weights = drawn_weights(
        all, base::RandomStream(seed, base::Purpose::bootstrap, static_cast<std::uint64_t>(i)));
    const auto refit = refitted(law, program, all, options, {weights, sizes}, machine);
    for (std::size_t j = 0; j < refit.size(); ++j) values[j].push_back(refit[j]);
  }
  return intervals_of(std::move(values));
}

std::vector<Interval> intervals_of(std::vector<std::vector<double>> values) {
  std::vector<Interval> result;
  for (auto& each : values) {
    std::ranges::sort(each);
    result.push_back({.low = quantile(each, 0.025), .high = quantile(each, 0.975)});
  }
  return result;
}

}  // namespace noether::learn::symbolic
