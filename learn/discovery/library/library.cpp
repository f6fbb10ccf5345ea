#include "learn/discovery/library/library.h"

#include <algorithm>
#include <iterator>

#include "learn/discovery/gradient_columns.h"
#include "learn/discovery/library/roles.h"

namespace noether::learn::symbolic {
namespace {

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

std::size_t monomial_count(std::size_t variables, int degree) {
  std::size_t count = 1;
  for (std::size_t n = 1; n <= static_cast<std::size_t>(degree); ++n) {
    count = count * (variables + n) / n;
  }
  return count;
}

// Which sines and cosines multiply which monomials.
struct Periodic {
  bool differences;  // of angles, too
  int degree;        // of the monomials
};

Group distances_of(const Roles& role, const LibraryOptions& options) {
  return options.distances ? squared_distances(role) : Group{};
}

std::size_t size_of(const Roles& role, const LibraryOptions& options, const Periodic& periodic) {
  const std::size_t angles = role.angles.size();
  const std::size_t turns = periodic.differences ? angles * (angles + 1) / 2 : angles;
  std::size_t size = monomial_count(role.scalars.size(), options.degree) - 1 +
                     2 * turns * monomial_count(role.scalars.size(), periodic.degree);
  const std::size_t distances = distances_of(role, options).size();
  size += 2 * distances;
  if (options.logarithms) size += role.scalars.size() + distances;
  return size;
}

// The most that is not too large; otherwise the least.
Periodic periodic_of(const Roles& role, const LibraryOptions& options) {
  for (const Periodic& periodic :
       {Periodic{true, options.degree}, Periodic{true, 1}, Periodic{true, 0}, Periodic{false, 1}}) {
    if (periodic.degree <= options.degree &&
        size_of(role, options, periodic) <= static_cast<std::size_t>(options.max_features))
      return periodic;
  }
  return {false, 0};
}

// The monomials, and with sines and cosines as these say.
Group factors_of(const Roles& role, const LibraryOptions& options, const Periodic& periodic) {
  Group sines;
  for (const Expression& turn : periodic.differences ? turns(role.angles) : role.angles) {
    sines.push_back(apply(Op::sin, turn));
    sines.push_back(apply(Op::cos, turn));
  }
  const Group all = monomials(role.scalars, options.degree);
  const std::size_t multiplied = monomial_count(role.scalars.size(), periodic.degree);
  Group result;
  for (std::size_t i = 0; i < all.size(); ++i) {
    result.push_back(all[i]);
    if (i >= multiplied) continue;
    for (const Expression& sine : sines) result.push_back(times(all[i], sine));
  }
  return result;
}

bool is_positive(const Expression& e, const Trajectories& data) {
  return std::ranges::min(gradient_columns(e, data.x).value) > 0;
}

void sort_by_size(Group& features) {
  std::ranges::stable_sort(features, {}, [](const Expression& e) { return e.size(); });
}

// Whether it is a function of parameters alone.
bool is_known(const Expression& e, const Trajectories& data) {
  return std::ranges::all_of(e.nodes(), [&](const Node& n) {
    return n.op != Op::input || data.is_parameter(static_cast<std::size_t>(n.index));
  });
}

// Functions of parameters alone do not change, and are no laws: whatever the constant of a shape.
void leave_out_known(Library& library, const Trajectories& data) {
  const auto known = [&](const Expression& e) { return is_known(e, data); };
  std::erase_if(library.features, known);
  for (std::vector<Shape>* shapes : {&library.shapes, &library.exponentials}) {
    for (Shape& shape : *shapes) std::erase_if(shape.functions, known);
    std::erase_if(*shapes, [](const Shape& shape) { return shape.functions.empty(); });
  }
}

}  // namespace

std::size_t library_size(const Trajectories& data, std::span<const std::optional<Unit>> units,
                         const LibraryOptions& options) {
  const Roles role = roles(data, units, options.unknown_angles);
  return size_of(role, options, periodic_of(role, options));
}

LibraryOptions fitting(const Trajectories& data, std::span<const std::optional<Unit>> units,
                       LibraryOptions options) {
  const auto is_too_large = [&] {
    return library_size(data, units, options) > static_cast<std::size_t>(options.max_features);
  };
  while (options.degree > 1 && is_too_large()) --options.degree;
  if (is_too_large()) options.distances = false;
  return options;
}

Library feature_library(const Trajectories& data, std::span<const std::optional<Unit>> units,
                        const LibraryOptions& options) {
  const Roles role = roles(data, units, options.unknown_angles);
  const Periodic periodic = periodic_of(role, options);
  Library library;
  // before it is made
  if (size_of(role, options, periodic) > static_cast<std::size_t>(options.max_features))
    return library;
  const Group squares = distances_of(role, options);
  const Group factors = factors_of(role, options, periodic);
  library.features.assign(factors.begin() + 1, factors.end());
  for (const Expression& square : squares) {
    const Expression r = apply(Op::sqrt, square);
    library.features.push_back(r);
    library.features.push_back(apply(Op::divide, number(1), r));
  }
  if (options.logarithms) {
    Group arguments = role.scalars;
    arguments.insert(arguments.end(), squares.begin(), squares.end());
    for (const Expression& x : arguments)
      if (is_positive(x, data)) library.features.push_back(apply(Op::log, x));
  }
  library.shapes = factor_shapes(factors, turns(role.angles), squares, data);
  library.exponentials = exponentials(role, data);
  leave_out_known(library, data);
  sort_by_size(library.features);
  return library;
}

std::vector<Expression> with_shape(const Library& library, const Shape& shape, double c) {
  Group result = library.features;
  std::ranges::copy(at(shape, c), std::back_inserter(result));
  sort_by_size(result);
  return result;
}

}  // namespace noether::learn::symbolic
