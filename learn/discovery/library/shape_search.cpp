#include "learn/discovery/library/shape_search.h"

#include <algorithm>
#include <cmath>

#include "learn/discovery/library/law_forms.h"

namespace noether::learn::symbolic {
namespace {

// The least score with the shape at this c, on few points.
double least_score(const ShapeSearch& search, const Shape& shape, double c) {
  const std::vector<Expression> features =
      finite_features(with_shape(search.library, shape, c), search.few);
  if (features.empty() || 2 * std::ssize(features) > search.few.points()) return 1;
  return least_score(basis(slopes(features, search.few, search.metric), search.dependence));
}

// The grid point of least score and its neighbours' distance, in log t.
struct Bracket {
  double log_t;
  double step;
  double score;
};

Bracket on_grid(const ShapeSearch& search, const Shape& shape) {
  constexpr int grid = 24;
  const double low = std::log(shape.least);
  const double step = (std::log(shape.greatest) - low) / grid;
  Bracket best{low, step, 1};
  for (int i = 0; i <= grid; ++i) {
    const double log_t = low + i * step;
    const double score = least_score(search, shape, shape.start + std::exp(log_t));
    if (score < best.score) best = {log_t, step, score};
  }
  return best;
}

// With the fewest digits that serve as well.
FittedShape rounded_shape(const ShapeSearch& search, const Shape& shape, const FittedShape& exact) {
  // what c may do to the score when it is off by its rounding
  constexpr double rounding = 1e-13;
  for (int digits = 1; digits < 16; ++digits) {
    const double c = rounded(exact.c, digits);
    if (c <= shape.start) continue;
    const double score = least_score(search, shape, c);
    if (score <= std::max(1.001 * exact.score, rounding)) return {c, score};
  }
  return exact;
}

}  // namespace

FittedShape fitted_shape(const ShapeSearch& search, const Shape& shape, double tolerance) {
  const auto at = [&](double log_t) {
    const double c = shape.start + std::exp(log_t);
    return FittedShape{c, least_score(search, shape, c)};
  };
  const Bracket bracket = on_grid(search, shape);
  const double ratio = (std::sqrt(5.0) - 1) / 2;
  double a = bracket.log_t - bracket.step;
  double b = bracket.log_t + bracket.step;
  FittedShape left = at(b - ratio * (b - a));
  FittedShape right = at(a + ratio * (b - a));
  for (int i = 0; i < 62; ++i) {
    // what has not fallen by now is no dip to zero
    const double least = std::min(left.score, right.score);
    if (i == 20 && least > std::max(1e-2 * bracket.score, tolerance)) break;
    if (left.score < right.score) {
      b = a + ratio * (b - a);
      right = left;
      left = at(b - ratio * (b - a));
    } else {
      a = b - ratio * (b - a);
      left = right;
      right = at(a + ratio * (b - a));
    }
  }
  const FittedShape best = left.score < right.score ? left : right;
  return best.score > tolerance ? best : rounded_shape(search, shape, best);
}

}  // namespace noether::learn::symbolic
