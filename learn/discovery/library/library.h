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
// - A coordinate without a known unit is a scalar. With `unknown_angles` it is an angle too. Where
//   that would be too many functions, sines and cosines multiply monomials of a lower degree, and
//   those of differences are left out.
// - With `logarithms`: those of scalars that are positive on all data, and of the squares of
//   distances. (Predators and prey, vortices.) They need no unit: only their rates count.
//
// A shape is a family of functions with one unknown number c, which is fitted elsewhere. Every
// function above but the distances is
// - divided by c + sin(d)^2, d an angle or a difference of two: mass matrices of linked rods;
// - multiplied or divided by sqrt(c - r^2) or by sqrt(c + r^2), r one of the first three
//   distances: refractive indices of round lenses, softened potentials.
// Or functions are added:
// - exponentials exp(c x), exp(2 c x) and exp(c (x - y)), with both signs, of scalars of one unit
//   that are not rates of change: potentials of Toda and of Morse.
//
// Not contained at degree 2: products of three scalars (the Laplace-Runge-Lenz vector). Not at all:
// functions with two unknown numbers.

#include <optional>
#include <span>
#include <vector>

#include "learn/discovery/library/shapes.h"
#include "learn/discovery/trajectories.h"
#include "learn/formula/expression.h"
#include "learn/formula/unit.h"

namespace noether::learn::symbolic {

struct LibraryOptions {
  int degree = 2;               // of monomials, at least 1
  bool unknown_angles = false;  // coordinates without a known unit are angles too
  bool logarithms = false;
  bool distances = true;   // between points, and what is divided by them
  int max_features = 300;  // more is too large
};

struct Library {
  std::vector<Expression> features;  // simplest first, without the constant 1
  std::vector<Shape> shapes;         // that multiply or divide features
  std::vector<Shape> exponentials;   // one for each unit
};

// How many features the library would have.
std::size_t library_size(const Trajectories& data, std::span<const std::optional<Unit>> units,
                         const LibraryOptions& options = {});

// These options, with the greatest degree up to theirs for which the library is not too large;
// without distances where it is too large at degree 1.
LibraryOptions fitting(const Trajectories& data, std::span<const std::optional<Unit>> units,
                       LibraryOptions options);

// The library for these coordinates. It has no features where they would be more than
// max_features.
Library feature_library(const Trajectories& data, std::span<const std::optional<Unit>> units,
                        const LibraryOptions& options = {});

// The features together with the functions of the shape at this c, simplest first.
std::vector<Expression> with_shape(const Library& library, const Shape& shape, double c);

}  // namespace noether::learn::symbolic
