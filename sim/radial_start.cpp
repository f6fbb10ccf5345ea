#include "sim/radial_start.h"

#include <cmath>

namespace noether::sim {

std::vector<Constant> radial_sampling(double radius_min, double radius_max) {
  return {{"radius_min", radius_min, 0, 100, "1", "least distance of a start from the origin"},
          {"radius_max", radius_max, 0, 100, "1", "greatest distance of a start from the origin"}};
}

std::vector<double> radial_start(base::RandomStream& random, std::size_t dimension,
                                 double radius_min, double radius_max) {
  std::vector<double> start(dimension);
  double norm = 0;
  // the centre of the cube has no direction
  while (norm == 0) {
    double square = 0;
    for (double& x : start) {
      x = random.uniform(-1.0, 1.0);
      square += x * x;
    }
    norm = std::sqrt(square);
  }
  const double radius = random.uniform(radius_min, radius_max);
  for (double& x : start) x = x / norm * radius;
  return start;
}

}  // namespace noether::sim
