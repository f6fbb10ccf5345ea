#include "bench/symmetries/filter_tasks.h"

#include <array>
#include <cmath>
#include <span>
#include <vector>

#include "base/error.h"
#include "base/random.h"

namespace noether::bench {
namespace {

using learn::Tensor;
using Filter = std::array<double, filter_taps>;

constexpr std::uint64_t of_mixing = std::uint64_t{1} << 40;  // no task has this index

std::vector<Filter> filters_of(const Tensor& mixing, base::RandomStream& random) {
  const std::int64_t rank = mixing.shape()[1];
  std::vector<Filter> basis(static_cast<std::size_t>(rank));
  for (Filter& filter : basis)
    for (double& tap : filter) tap = random.normal();
  std::vector<Filter> filters(filter_sites);
  const auto C = mixing.data<double>();
  for (std::size_t i = 0; i < filters.size(); ++i) {
    for (std::size_t r = 0; r < basis.size(); ++r)
      for (std::size_t t = 0; t < filter_taps; ++t)
        filters[i][t] += C[i * basis.size() + r] * basis[r][t];
  }
  return filters;
}

}  // namespace

Tensor site_mixing(std::int64_t rank, std::uint64_t seed) {
  if (rank < 1) throw base::UsageError("the rank of a symmetry is at least 1");
  base::RandomStream random(seed, base::Purpose::initial_state, of_mixing);
  return Tensor::build<double>({filter_sites, rank}, [&](std::span<double> C) {
    for (std::size_t row = 0; row < C.size(); row += static_cast<std::size_t>(rank)) {
      const auto of_site = C.subspan(row, static_cast<std::size_t>(rank));
      double sum = 0;
      for (double& share : of_site) sum += share = std::exp(random.normal());
      for (double& share : of_site) share /= sum;
    }
  });
}

FilterTasks filter_tasks(const Tensor& mixing, std::uint64_t seed, std::int64_t first,
                         std::int64_t tasks, std::int64_t examples) {
  std::vector<float> x, y, taps;
  x.reserve(static_cast<std::size_t>(tasks * examples * filter_inputs));
  y.reserve(static_cast<std::size_t>(tasks * examples * filter_sites));
  for (std::int64_t task = first; task < first + tasks; ++task) {
    base::RandomStream random(seed, base::Purpose::initial_state, static_cast<std::uint64_t>(task));
    const std::vector<Filter> filters = filters_of(mixing, random);
    for (const Filter& filter : filters)
      for (const double tap : filter) taps.push_back(static_cast<float>(tap));
    for (std::int64_t n = 0; n < examples; ++n) {
      std::array<double, filter_inputs> input{};
      for (double& value : input) value = random.normal();
      for (const double value : input) x.push_back(static_cast<float>(value));
      for (std::size_t i = 0; i < filters.size(); ++i) {
        double output = 0;
        for (std::size_t t = 0; t < filter_taps; ++t) output += filters[i][t] * input[i + t];
        y.push_back(static_cast<float>(output));
      }
    }
  }
  return {Tensor::from<float>(x, {tasks, examples, filter_inputs}),
          Tensor::from<float>(y, {tasks, examples, filter_sites}),
          Tensor::from<float>(taps, {tasks, filter_sites, filter_taps})};
}

}  // namespace noether::bench
