#include "bench/planets/pairs.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/random.h"
#include "sim/integrator.h"
#include "sim/sampling.h"
#include "sim/systems/gravity/planets.h"

namespace noether::bench {
namespace {

constexpr double least_approach = 0.25;
constexpr int looks =
    33;  // times at which approaches are looked for; the fastest moves .07 between

struct Pair {
  std::vector<double> x, next;
};

Pair draw(const sim::System& system, std::uint64_t seed, std::uint64_t index) {
  base::RandomStream random(seed, base::Purpose::initial_state, index);
  const auto sampling = sim::default_values(system.sampling);
  const std::size_t d = system.dimension();
  for (;;) {
    const double inner = random.uniform(.02, .1), outer = random.uniform(.02, .1);
    Pair pair{
        system.sample_initial_state(random, sampling, std::vector<double>{1, inner, outer, 1}), {}};
    pair.x.insert(pair.x.end(), {inner, outer});
    const auto states = planet_path(pair.x);
    double least = least_approach;
    for (std::size_t k = 0; k < states.size(); k += d)
      least = std::min(least, system.nearest(std::span(states).subspan(k, d)));
    if (least < least_approach) continue;
    pair.next.assign(states.end() - static_cast<std::ptrdiff_t>(d), states.end());
    return pair;
  }
}

}  // namespace

std::vector<double> planet_path(const std::vector<double>& row) {
  const sim::System system = sim::planets();
  const std::size_t d = system.dimension();
  const std::vector<double> constants{1, row.at(d), row.at(d + 1), 1};
  return sim::integrate(system, constants, std::span(row).first(d), sim::time_grid(0, 1, looks),
                        {});
}

PlanetPairs planet_pairs(std::uint64_t seed, std::int64_t first, std::int64_t n) {
  const sim::System system = sim::planets();
  std::vector<double> x, next;
  for (std::int64_t i = first; i < first + n; ++i) {
    const Pair pair = draw(system, seed, static_cast<std::uint64_t>(i));
    x.insert(x.end(), pair.x.begin(), pair.x.end());
    next.insert(next.end(), pair.next.begin(), pair.next.end());
  }
  const auto d = static_cast<std::int64_t>(system.dimension());
  return {learn::Tensor::from<double>(x, {n, d + 2}), learn::Tensor::from<double>(next, {n, d})};
}

}  // namespace noether::bench
