#include "learn/nn/normal_density.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "learn/autodiff/ops.h"

namespace noether::learn {

TEST_CASE("a normal density has the mean and the covariance of what is known", "[learn][nn]") {
  const Tensor known = Tensor::from({1.0, 4, 5, 6, 1, 3, 5, 7, 3, 5, 3, 5, 3, 5, 3, 5}, {8, 2});
  // the differences from the mean (3, 5) are (-2, -1), (2, 1), (-2, -2), (2, 2) and four of (0, 0)
  const double xx = 16.0 / 8, xy = (2 + 2 + 4 + 4) / 8.0, yy = (1 + 1 + 4 + 4) / 8.0;
  const double determinant = xx * yy - xy * xy;
  // at (4, 5): the quadratic form of (1, 0) is yy / determinant
  const double expected = 0.5 * yy / determinant + std::log(2 * M_PI) + 0.5 * std::log(determinant);
  CHECK(nats_of_normal(known, Tensor::from({4.0, 5}, {1, 2})) == Approx(expected).epsilon(1e-12));
}

TEST_CASE("units move the nats of a normal density by their logarithms, and a line has none",
          "[learn][nn]") {
  const Tensor known = Tensor::from({1.0, 4, 5, 6, 1, 3, 5, 7, 3, 5}, {5, 2});
  const Tensor units = Tensor::from({1e6, 1e-6}, {1, 2});
  CHECK(nats_of_normal(known * units, known * units) ==
        Approx(nats_of_normal(known, known)).epsilon(1e-12));
  const Tensor line = Tensor::from({1.0, 3, 2, 5, 3, 7, 5, 11}, {4, 2});
  CHECK(std::isinf(nats_of_normal(line, line)));
}

}  // namespace noether::learn
