#pragma once

// Families of functions with one unknown number, for a library.

#include <span>
#include <vector>

#include "learn/discovery/library/roles.h"
#include "learn/discovery/trajectories.h"
#include "learn/formula/expression.h"

namespace noether::learn::symbolic {

// Functions of the parameter c0 = start + t, `least` <= t <= `greatest`.
struct Shape {
  std::vector<Expression> functions = {};
  double start = 0;
  double least = 0;
  double greatest = 0;
  int intervals = 24;  // of the grid in log t
  int minima = 1;      // of the grid that are followed
};

// The functions at this c; a factor of 1 is not written.
std::vector<Expression> at(const Shape& shape, double c);

// a b, where one of them may be 1.
Expression times(const Expression& a, const Expression& b);

// Each factor divided by c + sin(d)^2 for each turn d; divided and multiplied by the roots of
// c - r^2 and of c + r^2 for the first squares r^2.
std::vector<Shape> factor_shapes(std::span<const Expression> factors,
                                 std::span<const Expression> turns,
                                 std::span<const Expression> squares, const Trajectories& data);

// For each group of like scalars: exp(c x), its square, and exp(c (x - y)), with both signs. Of
// more than six scalars only the differences of neighbours, the last and the first among them.
std::vector<Shape> exponentials(const Roles& roles, const Trajectories& data);

}  // namespace noether::learn::symbolic
