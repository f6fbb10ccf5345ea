#include "learn/discovery/library/roles.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace noether::learn::symbolic {
namespace {

Expression sum_of_squares(const Group& terms) {
  Expression sum = apply(Op::square, terms[0]);
  for (std::size_t i = 1; i < terms.size(); ++i) {
    sum = apply(Op::add, sum, apply(Op::square, terms[i]));
  }
  return sum;
}

// The squares of distances between all points of `space` coordinates each, in the order given.
Group between_points(const Group& scalars, std::size_t space) {
  Group result;
  for (std::size_t a = 0; a + space <= scalars.size(); a += space) {
    for (std::size_t b = a + space; b + space <= scalars.size(); b += space) {
      Group differences;
      for (std::size_t k = 0; k < space; ++k) {
        differences.push_back(apply(Op::subtract, scalars[a + k], scalars[b + k]));
      }
      result.push_back(sum_of_squares(differences));
    }
  }
  return result;
}

// Of these like scalars.
Group squared_distances(const Group& s) {
  Group result;
  if (s.size() == 2 || s.size() == 3) result.push_back(sum_of_squares(s));
  if (s.size() == 4) {
    constexpr std::array<std::array<std::size_t, 4>, 3> pairings = {
        {{0, 2, 1, 3}, {0, 1, 2, 3}, {0, 3, 1, 2}}};
    for (const auto& [a, b, c, d] : pairings) {
      result.push_back(
          sum_of_squares({apply(Op::subtract, s[a], s[b]), apply(Op::subtract, s[c], s[d])}));
    }
    for (std::size_t a = 0; a < 4; ++a) {
      for (std::size_t b = a + 1; b < 4; ++b) result.push_back(sum_of_squares({s[a], s[b]}));
    }
  }
  if (s.size() > 4) {
    for (const std::size_t space : {2u, 3u}) {
      if (s.size() % space == 0)
        std::ranges::copy(between_points(s, space), std::back_inserter(result));
    }
  }
  return result;
}

// Whether sine and cosine of these numbers are more than a line and a parabola: to 1e-4.
bool bends(const std::vector<double>& x) {
  return std::ranges::any_of(x, [](double value) { return std::abs(value) > 0.03; });
}

}  // namespace

std::vector<int> rate_of(const Trajectories& data) {
  const std::vector<std::int64_t> starts = data.starts();
  // what is left of a column, by trajectories; where states have offsets, without them
  const auto size = [&](const auto& value) {
    double sum = 0;
    for (std::size_t k = 0; k + 1 < starts.size(); ++k) {
      const auto first = static_cast<std::size_t>(starts[k]);
      const auto last = static_cast<std::size_t>(starts[k + 1]);
      double mean = 0;
      for (std::size_t i = first; i < last; ++i)
        mean += value(i) / static_cast<double>(last - first);
      if (data.offset_variance == 0) mean = 0;
      for (std::size_t i = first; i < last; ++i) sum += std::pow(value(i) - mean, 2);
    }
    return std::sqrt(sum);
  };
  std::vector<int> result(data.x.size(), -1);
  for (std::size_t i = 0; i < data.x.size(); ++i) {
    const auto& x = data.x[i];
    const double whole = size([&](std::size_t at) { return x[at]; });
    for (std::size_t j = 0; j < data.x.size(); ++j) {
      const auto& rate = data.dx_dt[j];
      const double rest = size([&](std::size_t at) { return x[at] - rate[at]; });
      // derivatives may be estimates, off by some 1e-4; no two numbers of a motion agree so by
      // chance
      if (i != j && whole > 0 && rest < 1e-3 * whole) result[i] = static_cast<int>(j);
    }
  }
  return result;
}

Group turns(const Group& angles) {
  Group result = angles;
  for (std::size_t i = 0; i < angles.size(); ++i) {
    for (std::size_t j = i + 1; j < angles.size(); ++j) {
      result.push_back(apply(Op::subtract, angles[i], angles[j]));
    }
  }
  return result;
}

Group squared_distances(const Roles& roles) {
  Group result;
  for (const Group& like : roles.like)
    std::ranges::copy(squared_distances(like), std::back_inserter(result));
  return result;
}

Roles roles(const Trajectories& data, std::span<const std::optional<Unit>> units,
            bool unknown_angles) {
  Roles result;
  const std::vector<int> rates = rate_of(data);
  std::vector<std::optional<Unit>> unit_of_group;
  const std::optional<Unit> angle = parse_unit("rad");
  for (std::size_t i = 0; i < units.size(); ++i) {
    const Expression x = input(static_cast<int>(i));
    const bool is_angle = units[i] == angle;
    const bool may_be_angle = unknown_angles && !units[i] && bends(data.x[i]);
    if (is_angle || may_be_angle) result.angles.push_back(x);
    if (is_angle) continue;
    result.scalars.push_back(x);
    if (rates[i] >= 0) continue;
    const auto known = std::ranges::find(unit_of_group, units[i]);
    const auto group = static_cast<std::size_t>(known - unit_of_group.begin());
    if (known == unit_of_group.end()) {
      unit_of_group.push_back(units[i]);
      result.like.emplace_back();
    }
    result.like[group].push_back(x);
  }
  return result;
}

}  // namespace noether::learn::symbolic
