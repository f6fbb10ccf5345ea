#pragma once

// The functions among whose linear combinations laws are sought: written in the formula language,
// chosen by what the coordinates are.
//
// - Scalars (all but angles): monomials up to `degree`: energies are quadratic in momenta, angular
//   momenta bilinear.
// - Angles (unit rad): sin and cos of each and of the difference of each two, for what turns back
//   into itself has period 2 pi; times each monomial of the scalars, and 1. Powers of angles are
//   left out.
// - Like scalars (one unit, none the rate of change of another) may be coordinates of points, so
//   their distances r join, and 1/r, the potential of gravity: from the origin for two or three
//   scalars; for four, a, b, c, d, which may be paired in three ways, sqrt((a - c)^2 + (b - d)^2)
//   and its like, and the six distances of pairs from the origin; for more, taken as points of the
//   plane or of space in the order given, the distances between them.
// - Where no unit is known a coordinate may be an angle and may be a scalar.
//
// Shapes have one unknown number c, which is sought outside: they multiply every function above but
// the distances.
// - divided by c + sin(d)^2 of an angle or a difference d: mass matrices of linked rods;
// - multiplied or divided by sqrt(c - r^2), or by sqrt(c + r^2): refractive indices of round
// lenses,
//   softened potentials; of the first three distances.
//
// Not contained: products of three scalars (the Laplace-Runge-Lenz vector), logarithms, functions
// with two unknown numbers.

#include <optional>
#include <span>
#include <vector>

#include "learn/discovery/trajectories.h"
#include "learn/formula/expression.h"
#include "learn/formula/unit.h"

namespace noether::learn::symbolic {

struct LibraryOptions {
  int degree = 2;          // of monomials, at least 1
  int max_features = 200;  // more is too large
};

// A family of functions with one parameter c0 = start + t for `least` <= t <= `greatest`, by which
// features are divided or multiplied.
struct Shape {
  Expression formula;
  double start;
  double least;
  double greatest;
  bool divides;
};

struct Library {
  std::vector<Expression> features;  // simplest first, without the constant 1
  std::vector<Expression> factors;   // those of them, and 1, that shapes multiply
  std::vector<Shape> shapes;
};

// The library for these coordinates. Throws UsageError where it would have more than max_features.
Library feature_library(const Trajectories& data, std::span<const std::optional<Unit>> units,
                        const LibraryOptions& options = {});

// The features together with the factors times the shape at this c, simplest first.
std::vector<Expression> with_shape(const Library& library, const Shape& shape, double c);

// For each coordinate, the coordinate it is the rate of change of, found in the data; else -1.
std::vector<int> rate_of(const Trajectories& data);

}  // namespace noether::learn::symbolic
