// Where there is no law, none is claimed.

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <iostream>

#include "tests/learn/discovery/laws.h"
#include "tests/learn/discovery/motions.h"

namespace noether::learn::symbolic {
namespace {

using test::formulas;
using test::Point;
using test::stream;
using test::units;

// Random walks of unit steps, with central differences as derivatives.
Trajectories random_walk(std::uint64_t seed, std::size_t dimension) {
  Trajectories result{.count = 25, .samples = 50, .x = {}, .dx_dt = {}};
  for (std::size_t d = 0; d < dimension; ++d) {
    result.coordinates.push_back(std::string(1, static_cast<char>('w' + d)));
    base::RandomStream random = stream(seed, d);
    std::vector<double> x, v;
    for (int k = 0; k < 25; ++k) {
      std::vector<double> walk{random.normal()};
      for (int i = 0; i < 51; ++i) walk.push_back(walk.back() + random.normal());
      for (std::size_t i = 1; i <= 50; ++i) {
        x.push_back(walk[i]);
        v.push_back((walk[i + 1] - walk[i - 1]) / 2);
      }
    }
    result.x.push_back(x);
    result.dx_dt.push_back(v);
  }
  return result;
}

// x' = A x + tanh(B x) - c x^3 in 2 to 4 dimensions, A a damped or driven rotation and more: no
// first integral, and the cubic term keeps trajectories bounded.
Trajectories random_field(std::uint64_t seed, std::size_t dimension) {
  base::RandomStream random = stream(seed, 1000);
  std::vector<Point> A(dimension, Point(dimension)), B = A;
  for (std::size_t i = 0; i < dimension; ++i) {
    for (std::size_t j = 0; j < dimension; ++j) {
      A[i][j] = random.normal();
      B[i][j] = random.normal();
    }
  }
  const auto field = [&](const Point& x) {
    Point rate(dimension);
    for (std::size_t i = 0; i < dimension; ++i) {
      double inner = 0;
      for (std::size_t j = 0; j < dimension; ++j) {
        rate[i] += A[i][j] * x[j];
        inner += B[i][j] * x[j];
      }
      rate[i] += std::tanh(inner) - 0.3 * std::pow(x[i], 3);
    }
    return rate;
  };
  std::vector<Point> starts(25, Point(dimension));
  for (Point& start : starts) {
    for (double& x : start) x = random.uniform(-2.0, 2.0);
  }
  std::vector<std::string> names;
  for (std::size_t d = 0; d < dimension; ++d)
    names.push_back(std::string(1, static_cast<char>('w' + d)));
  return test::flow(names, starts, field, 50, 0.05);
}

// The same motion with each coordinate x as e^x, which is positive.
Trajectories exponential(Trajectories data) {
  for (std::size_t d = 0; d < data.x.size(); ++d) {
    for (std::size_t i = 0; i < data.x[d].size(); ++i) {
      data.x[d][i] = std::exp(data.x[d][i]);
      data.dx_dt[d][i] *= data.x[d][i];
    }
  }
  return data;
}

// 25 systems in 2 to 4 dimensions, as system(seed, dimension) makes them: no law is claimed.
template <class System>
void check_no_claims(System system, const std::string& unit = "1") {
  double least_sine = 1;
  for (std::uint64_t seed = 0; seed < 25; ++seed) {
    const std::size_t dimension = 2 + seed % 3;
    const Trajectories data = system(seed, dimension);
    const IndependentLaws found =
        independent_laws(data, units(std::vector<std::string>(dimension, unit)));
    least_sine = std::min(least_sine, found.least_rms_sine);
    INFO("seed " << seed);
    CHECK(formulas(found, data.coordinates) == std::vector<std::string>{});
  }
  std::cout << "least rms sine of 25 systems without a law: " << least_sine << '\n';
}

}  // namespace

TEST_CASE("of random walks none is said to have a law", "[learn][symbolic][slow]") {
  check_no_claims(random_walk);
}

TEST_CASE("of random fields none is said to have a law", "[learn][symbolic][slow]") {
  check_no_claims(random_field);
}

TEST_CASE("of random motions of unknown units none is said to have a law",
          "[learn][symbolic][slow]") {
  check_no_claims(random_walk, "");
  check_no_claims(random_field, "");
}

TEST_CASE("of random motions of positive coordinates none is said to have a law",
          "[learn][symbolic][slow]") {
  check_no_claims([](std::uint64_t seed, std::size_t dimension) {
    return exponential(random_field(seed, dimension));
  });
}

TEST_CASE("of random walks with offsets none is said to have a law", "[learn][symbolic][slow]") {
  check_no_claims([](std::uint64_t seed, std::size_t dimension) {
    return test::with_offsets(random_walk(seed, dimension), 0.02, seed);
  });
}

TEST_CASE("of random fields with offsets none is said to have a law", "[learn][symbolic][slow]") {
  check_no_claims([](std::uint64_t seed, std::size_t dimension) {
    return test::with_offsets(random_field(seed, dimension), 0.02, seed);
  });
}

}  // namespace noether::learn::symbolic
