#pragma once

// How features change along trajectories, and in which directions of their span nothing changes.

#include <cstdint>
#include <span>
#include <vector>

#include "learn/discovery/trajectories.h"
#include "learn/formula/expression.h"

namespace noether::learn::symbolic {

using Columns = std::vector<std::vector<double>>;

// The size of a gradient. For shuffled velocities the expectation of (grad f . v)^2 is
// grad f' C grad f, with C = mean v v'. But C does not see a quantity that is one number in each
// trajectory and differs between them, such as a momentum. So the metric is
// M = (C + w^2 Cov(x)) / 2 = L L', with w^2 = tr C / tr Cov(x), in coordinates scaled to standard
// deviation 1. A gradient vanishes in M only if its function is the same number everywhere on the
// data.
struct Metric {
  Columns root = {};           // the r columns of L, D numbers each, without those that vanish
  Columns velocity_root = {};  // the same of C
  std::vector<double> scales =
      {};                  // of the coordinates; their standard deviations, 0 where constant
  double square_rate = 0;  // w^2
};

// Throws DataError where nothing changes in the data.
Metric metric(const Trajectories& data);

// K functions at n points: a column of each.
struct Slopes {
  Columns value;             // n
  Columns rate;              // grad . v, n
  Columns spread;            // L' grad, r blocks of n
  std::vector<double> size;  // root mean square of the gradient in scaled coordinates
};

Slopes slopes(std::span<const Expression> features, const Trajectories& data, const Metric& metric);

// Those of the features that are finite, with finite gradients, at all points of the data.
std::vector<Expression> finite_features(std::span<const Expression> features,
                                        const Trajectories& data);

// A feature that equals, on all data and up to a constant, a combination of simpler ones.
struct Dependence {
  std::int64_t feature;
  std::vector<double> coefficients;  // one for each feature of `kept`; later ones are 0
};

// A basis of the span of the features, constants aside, with two small matrices. For a function
// with coefficients u, |R u| is the root mean square over the points of its gradient (R = `spread`)
// and |D u| that of its rate of change (D = `rate`).
struct Basis {
  std::vector<std::int64_t> kept;
  std::vector<Dependence> dependences;
  Columns spread;
  Columns rate;
};

// Greedy, in the order given. The gradient of a feature is projected on those kept before. The
// feature is kept if what is left is more than the share `tolerance` of its gradient.
Basis basis(const Slopes& slopes, double tolerance);

// A function of the span with its score, the rms sine: the root mean square of grad f . v, divided
// by that of shuffled data.
struct Direction {
  std::vector<double> coefficients;  // one for each feature in the support
  double score;
};

// The functions at which |D u| / |R u| is stationary, in the span of these members of `kept`; least
// score first. Computed by QR and the singular values of D R^-1, never of their squares. So exact
// data give scores as small as the rounding of the features, not as its root.
std::vector<Direction> directions(const Basis& basis, std::span<const std::int64_t> support);

// The least score of all directions of the basis but for so many, computed much faster than these;
// 1 where there is none.
double least_score(const Basis& basis, std::int64_t skipped = 0);

}  // namespace noether::learn::symbolic
