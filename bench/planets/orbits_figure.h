#pragma once

// A picture of what rows of table `planets` predict.

#include <string>
#include <vector>

#include "bench/planets/problem.h"
#include "render/image.h"

namespace noether::bench {

// What one row predicts of the test systems: y [n, 12].
struct PredictedOrbits {
  std::string name;
  learn::Tensor y;
};

// A column for each row, a line for each of three test systems: those where the first row's error
// is at the median, at 90 % and at 99 %. The true paths of the star and the planets, where they
// end, and where the row says that they end.
render::Image orbits_figure(const PlanetProblem& problem, const std::vector<PredictedOrbits>& rows,
                            const std::string& caption);

}  // namespace noether::bench
