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
  return least_score(basis(slopes(features, search.few, search.metric), search.dependence),
                     search.known);
}

// A grid point of less score than its neighbours, and their distance, in log t.
struct Bracket {
  double log_t;
  double step;
  double score;
};

// The minima of the grid, the least first.
std::vector<Bracket> on_grid(const ShapeSearch& search, const Shape& shape) {
  const double low = std::log(shape.least);
  const double step = (std::log(shape.greatest) - low) / shape.intervals;
  std::vector<double> scores;
  for (int i = 0; i <= shape.intervals; ++i)
    scores.push_back(least_score(search, shape, shape.start + std::exp(low + i * step)));
  std::vector<Bracket> minima;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const bool falls = i == 0 || scores[i] < scores[i - 1];
    const bool rises = i + 1 == scores.size() || scores[i] <= scores[i + 1];
    if (falls && rises) minima.push_back({low + static_cast<double>(i) * step, step, scores[i]});
  }
  std::ranges::stable_sort(minima, {}, &Bracket::score);
  const auto most = static_cast<std::ptrdiff_t>(shape.minima);
  if (std::ssize(minima) > most) minima.erase(minima.begin() + most, minima.end());
  return minima;
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

// Golden sections.
FittedShape followed(const ShapeSearch& search, const Shape& shape, const Bracket& bracket,
                     double tolerance) {
  const auto at = [&](double log_t) {
    const double c = shape.start + std::exp(log_t);
    return FittedShape{c, least_score(search, shape, c)};
  };
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
  return left.score < right.score ? left : right;
}

}  // namespace

std::vector<FittedShape> fitted_shapes(const ShapeSearch& search, const Shape& shape,
                                       double tolerance) {
  std::vector<FittedShape> result;
  for (const Bracket& bracket : on_grid(search, shape)) {
    const FittedShape found = followed(search, shape, bracket, tolerance);
    result.push_back(found.score > tolerance ? found : rounded_shape(search, shape, found));
  }
  return result;
}

}  // namespace noether::learn::symbolic
