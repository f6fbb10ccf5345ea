#pragma once

// The functions among whose linear combinations laws are sought: written in the formula language,
// chosen by what the coordinates are.
//
// - Scalars (all coordinates but angles): their monomials up to `degree`. Energies are quadratic in
//   momenta, angular momenta bilinear.
// - Angles (unit rad): sin and cos of each, and of the difference of each two; each of these also
//   times each monomial of the scalars. Powers of angles are left out, because a full turn changes
//   nothing.
// - Distances r, and 1/r, the potential of gravity. Scalars of one unit may be coordinates of
//   points, unless one is the rate of change of another. Two or three: the distance from the
//   origin. Four, a, b, c, d, may be paired in three ways: sqrt((a - c)^2 + (b - d)^2) and its
//   like, and the six distances of pairs from the origin. More: they are points of the plane or of
//   space in the order given, and the distances are those between points.
// - A coordinate without a known unit is taken as an angle and as a scalar.
//
// A shape is a function with one unknown number c, which is fitted elsewhere. Shapes multiply every
// function above but the distances:
// - division by c + sin(d)^2, d an angle or a difference of two: mass matrices of linked rods;
// - multiplication or division by sqrt(c - r^2) or by sqrt(c + r^2), r one of the first three
//   distances: refractive indices of round lenses, softened potentials.
//
// Not contained at degree 2: products of three scalars (the Laplace-Runge-Lenz vector). Not at all:
// logarithms, exponentials, functions with two unknown numbers.

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

// A family of functions with one parameter c0 = start + t, `least` <= t <= `greatest`. Features are
// divided or multiplied by it.
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

// How many features the library would have.
std::size_t library_size(const Trajectories& data, std::span<const std::optional<Unit>> units,
                         const LibraryOptions& options = {});

// The library for these coordinates. Throws UsageError where it would have more than max_features.
Library feature_library(const Trajectories& data, std::span<const std::optional<Unit>> units,
                        const LibraryOptions& options = {});

// The features together with the factors times the shape at this c, simplest first.
std::vector<Expression> with_shape(const Library& library, const Shape& shape, double c);

// For each coordinate, the coordinate it is the rate of change of, found in the data; else -1.
std::vector<int> rate_of(const Trajectories& data);

}  // namespace noether::learn::symbolic
