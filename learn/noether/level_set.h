#pragma once

// States put back onto a level set of a conserved quantity.

#include "learn/models/field.h"
#include "learn/noether/quantity.h"

namespace noether::learn {

// The standard projection method (Hairer, Lubich and Wanner, Geometric Numerical Integration, 2nd
// edition, section IV.4): after each step x goes back to the level set of its start,
//     x + lambda n,  n = grad g(x),  with g(x + lambda n) = g(x0),
// which is the nearest point of that set up to the square of the distance. lambda is found by
// `iterations` simplified Newton steps from 0, each divided by |n|^2 + epsilon. Where g has k
// components there are k gradients and k numbers lambda, and each Newton step solves a k x k system
// (multipliers.h). There a step that leads away from the level sets is not made, and the next one
// is half as long: where gradients are nearly parallel a whole step can lead anywhere.
AfterStep onto_level_set(const Quantity& g, const Params& phi, int iterations = 5,
                         double epsilon = 1e-6);

}  // namespace noether::learn
