#include "learn/discovery/library/library.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/error.h"

namespace noether::learn::symbolic {
namespace {

using Group = std::vector<Expression>;

Expression product(const Expression& a, const Expression& b) { return apply(Op::multiply, a, b); }

bool is_one(const Expression& e) {
  return e.size() == 1 && e.nodes()[0] == Node{.op = Op::number, .value = 1};
}

// 1 where nothing is multiplied is not written.
Expression times(const Expression& a, const Expression& b) {
  if (is_one(a)) return b;
  return is_one(b) ? a : product(a, b);
}

// 1 and the monomials of these up to the degree.
Group monomials(const Group& variables, int degree) {
  struct Monomial {
    Expression formula;
    std::size_t last;  // the last variable in it
    int power;         // of that variable, at the end
    Expression rest;   // without it
  };
  std::vector<Monomial> grade{{number(1), 0, 0, number(1)}};
  Group all{number(1)};
  for (int n = 1; n <= degree; ++n) {
    std::vector<Monomial> next;
    for (const Monomial& m : grade) {
      for (std::size_t i = m.last; i < variables.size(); ++i) {
        const bool again = m.power > 0 && i == m.last;
        const int power_of_it = again ? m.power + 1 : 1;
        const Expression& rest = again ? m.rest : m.formula;
        const Expression& x = variables[i];
        const Expression factor = power_of_it == 1   ? x
                                  : power_of_it == 2 ? apply(Op::square, x)
                                                     : power(x, power_of_it);
        next.push_back({times(rest, factor), i, power_of_it, rest});
        all.push_back(next.back().formula);
      }
    }
    grade = std::move(next);
  }
  return all;
}

// Each angle, and the difference of each two.
Group turns(const Group& angles) {
  Group result = angles;
  for (std::size_t i = 0; i < angles.size(); ++i) {
    for (std::size_t j = i + 1; j < angles.size(); ++j) {
      result.push_back(apply(Op::subtract, angles[i], angles[j]));
    }
  }
  return result;
}

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

// The squares of the distances that these like scalars may have as coordinates.
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

struct Roles {
  Group scalars;
  Group angles;
  std::vector<Group> like;  // scalars of one unit that are not rates of change
};

Roles roles(const Trajectories& data, std::span<const std::optional<Unit>> units) {
  Roles result;
  const std::vector<int> rates = rate_of(data);
  std::vector<std::optional<Unit>> unit_of_group;
  const std::optional<Unit> angle = parse_unit("rad");
  for (std::size_t i = 0; i < units.size(); ++i) {
    const Expression x = input(static_cast<int>(i));
    const bool is_angle = units[i] == angle;
    if (is_angle || !units[i]) result.angles.push_back(x);
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

void sort_by_size(Group& features) {
  std::ranges::stable_sort(features, {}, [](const Expression& e) { return e.size(); });
}

double greatest_value(const Expression& e, const Trajectories& data) {
  std::vector<double> state(data.x.size());
  double greatest = 0;
  for (std::size_t i = 0; i < data.x.front().size(); ++i) {
    for (std::size_t d = 0; d < state.size(); ++d) state[d] = data.x[d][i];
    greatest = std::max(greatest, evaluate(e, state));
  }
  return greatest;
}

std::vector<Shape> shapes_of(const Group& turns, const Group& squares, const Trajectories& data) {
  std::vector<Shape> result;
  const Expression c = parameter(0);
  for (const Expression& d : turns) {
    const Expression sine = apply(Op::square, apply(Op::sin, d));
    const Expression sum = apply(Op::add, c, sine);
    result.push_back({sum, 0, 0.01, 100, true});
  }
  // few, as each is a search of its own: of four like scalars the pairings alone
  constexpr std::size_t most = 3;
  for (const Expression& square : std::span(squares).first(std::min(most, squares.size()))) {
    const double greatest = greatest_value(square, data);
    const auto root = [&](Op op) { return apply(Op::sqrt, apply(op, c, square)); };
    if (greatest == 0) continue;
    for (const bool divides : {false, true}) {
      result.push_back({root(Op::subtract), greatest, 0.01 * greatest, 100 * greatest, divides});
      result.push_back({root(Op::add), 0, 0.01 * greatest, 100 * greatest, divides});
    }
  }
  return result;
}

std::size_t monomial_count(std::size_t variables, int degree) {
  std::size_t count = 1;
  for (std::size_t n = 1; n <= static_cast<std::size_t>(degree); ++n) {
    count = count * (variables + n) / n;
  }
  return count;
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
      // derivatives may come from splines
      if (i != j && whole > 0 && rest < 1e-6 * whole) result[i] = static_cast<int>(j);
    }
  }
  return result;
}

std::size_t library_size(const Trajectories& data, std::span<const std::optional<Unit>> units,
                         const LibraryOptions& options) {
  const Roles role = roles(data, units);
  std::size_t distances = 0;
  for (const Group& like : role.like) distances += squared_distances(like).size();
  return monomial_count(role.scalars.size(), options.degree) * (1 + 2 * turns(role.angles).size()) -
         1 + 2 * distances;
}

Library feature_library(const Trajectories& data, std::span<const std::optional<Unit>> units,
                        const LibraryOptions& options) {
  // before it is made
  const std::size_t count = library_size(data, units, options);
  if (count > static_cast<std::size_t>(options.max_features)) {
    throw base::UsageError("the library of functions for " + std::to_string(units.size()) +
                           " coordinates has " + std::to_string(count) +
                           " members, too large: expected at most " +
                           std::to_string(options.max_features) + "; lower the degree");
  }
  const Roles role = roles(data, units);
  const Group all_turns = turns(role.angles);
  Group squares;
  for (const Group& like : role.like)
    std::ranges::copy(squared_distances(like), std::back_inserter(squares));

  Library library;
  Group periodic{number(1)};
  for (const Expression& turn : all_turns) {
    periodic.push_back(apply(Op::sin, turn));
    periodic.push_back(apply(Op::cos, turn));
  }
  for (const Expression& monomial : monomials(role.scalars, options.degree)) {
    for (const Expression& p : periodic) library.factors.push_back(times(monomial, p));
  }
  library.features.assign(library.factors.begin() + 1, library.factors.end());
  for (const Expression& square : squares) {
    const Expression r = apply(Op::sqrt, square);
    library.features.push_back(r);
    library.features.push_back(apply(Op::divide, number(1), r));
  }
  sort_by_size(library.features);
  library.shapes = shapes_of(all_turns, squares, data);
  return library;
}

std::vector<Expression> with_shape(const Library& library, const Shape& shape, double c) {
  const Expression s = with_values(shape.formula, std::array{c});
  Group result = library.features;
  for (const Expression& factor : library.factors) {
    result.push_back(shape.divides ? apply(Op::divide, factor, s) : times(factor, s));
  }
  sort_by_size(result);
  return result;
}

}  // namespace noether::learn::symbolic
