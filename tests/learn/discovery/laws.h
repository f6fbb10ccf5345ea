#pragma once

// What tests of independent laws share.

#include <algorithm>
#include <string>
#include <vector>

#include "base/random.h"
#include "learn/discovery/library/null_space.h"
#include "tests/learn/discovery/flows.h"

namespace noether::test {

inline std::vector<std::optional<learn::symbolic::Unit>> units(
    const std::vector<std::string>& texts) {
  std::vector<std::optional<learn::symbolic::Unit>> result;
  for (const std::string& text : texts) result.push_back(learn::symbolic::parse_unit(text));
  return result;
}

inline base::RandomStream stream(std::uint64_t seed, std::uint64_t index) {
  return {seed, base::Purpose::initial_state, index};
}

inline std::vector<std::string> formulas(const learn::symbolic::IndependentLaws& laws,
                                         const std::vector<std::string>& names) {
  std::vector<std::string> result;
  for (const learn::symbolic::LinearLaw& law : laws.laws)
    result.push_back(learn::symbolic::print(law.formula, names));
  return result;
}

// Each coordinate times its factor.
inline learn::symbolic::Trajectories scaled(learn::symbolic::Trajectories data,
                                            const std::vector<double>& factors) {
  for (auto* columns : {&data.x, &data.dx_dt}) {
    for (std::size_t d = 0; d < columns->size(); ++d) {
      for (double& value : (*columns)[d]) value *= factors[d];
    }
  }
  return data;
}

// 25 starts with each coordinate in [low, high].
inline std::vector<Point> starts_in(std::size_t dimension, double low, double high,
                                    std::uint64_t seed) {
  std::vector<Point> starts;
  for (std::uint64_t k = 0; k < 25; ++k) {
    base::RandomStream random = stream(seed, k);
    starts.push_back({});
    for (std::size_t d = 0; d < dimension; ++d) starts.back().push_back(random.uniform(low, high));
  }
  return starts;
}

}  // namespace noether::test
