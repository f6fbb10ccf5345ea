#include "sim/sampling.h"

#include <rapidcheck.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "base/error.h"
#include "sim/systems/gravity/two_body.h"
#include "sim/systems/light_ray.h"
#include "tests/sim/solve.h"

namespace noether::sim {

TEST_CASE("radial starts fill their shell and point everywhere", "[sim][sampling]") {
  struct Case {
    const char* name;
    double low;
    double high;
  };
  for (const auto& [name, low, high] :
       {Case{"spring", 0.1, 1.0}, Case{"pendulum", 1.3, 2.3}, Case{"damped-pendulum", 1.3, 2.3},
        Case{"double-pendulum", 1.3, 2.3}}) {
    INFO(name);
    const System& system = find_system(name);
    const std::size_t dimension = system.dimension();
    const auto starts = test::default_starts(system, 2000);
    std::vector<double> radii;
    for (std::size_t i = 0; i < starts.size(); i += dimension) {
      double square = 0;
      for (std::size_t d = 0; d < dimension; ++d) square += starts[i + d] * starts[i + d];
      radii.push_back(std::sqrt(square));
    }
    const auto [least, greatest] = std::ranges::minmax(radii);
    // division and product each round once
    CHECK(least >= low - 1e-15);
    CHECK(greatest <= high + 1e-15);
    // of 2000 uniform draws none within 1 % of an end has probability 2e-9
    CHECK(least < low + 0.01 * (high - low));
    CHECK(greatest > high - 0.01 * (high - low));
    for (std::size_t d = 0; d < dimension; ++d) {
      std::int64_t positive = 0;
      for (std::size_t i = d; i < starts.size(); i += dimension) positive += starts[i] > 0 ? 1 : 0;
      // 1000 +- 22: five standard deviations
      CHECK(std::abs(positive - 1000) < 112);
    }
  }
}

TEST_CASE("two-body starts are mirrored and nearly circular", "[sim][sampling]") {
  const auto starts = test::default_starts(two_body(), 2000);
  double sum = 0;
  double sum_of_squares = 0;
  for (std::size_t i = 0; i < starts.size(); i += 8) {
    const double* s = &starts[i];
    CHECK((s[0] >= 0.5 && s[0] < 1.5 && s[1] >= 0.5 && s[1] < 1.5));
    CHECK((s[2] == -s[0] && s[3] == -s[1] && s[6] == -s[4] && s[7] == -s[5]));
    CHECK(std::abs(s[0] * s[4] + s[1] * s[5]) < 1e-15);
    const double excess = std::hypot(s[4], s[5]) * 2 * std::sqrt(std::hypot(s[0], s[1])) - 1;
    sum += excess;
    sum_of_squares += excess * excess;
  }
  // five standard deviations of the mean and of the spread of 2000 normal draws
  CHECK(std::abs(sum / 2000) < 5 * 0.05 / std::sqrt(2000.0));
  CHECK(std::sqrt(sum_of_squares / 2000) == Approx(0.05).epsilon(5 / std::sqrt(2 * 2000.0)));
}

TEST_CASE("rays start on the rim, along the axis", "[sim][sampling]") {
  const auto starts = test::default_starts(light_ray(), 200);
  for (std::size_t i = 0; i < starts.size(); i += 3) {
    // the roundings of a sine, a cosine and a root
    CHECK(std::hypot(starts[i], starts[i + 1]) == Approx(1).epsilon(1e-15));
    CHECK(starts[i] <= 0);
    CHECK(starts[i + 2] == 0);
  }
}

TEST_CASE("a start is a function of seed and index alone", "[sim][sampling]") {
  for (const System& system : all_systems()) {
    INFO(system.name);
    const auto sampling = default_values(system.sampling);
    const auto constants = default_values(system.constants);
    const auto all = sample_initial_states(system, sampling, constants, 5, 0, 20);
    const auto later = sample_initial_states(system, sampling, constants, 5, 13, 7);
    CHECK(std::equal(later.begin(), later.end(), all.end() - std::ssize(later)));
    CHECK(sample_initial_states(system, sampling, constants, 6, 0, 20) != all);
  }
}

TEST_CASE("ranges turned round and negative counts are refused", "[sim][sampling]") {
  const System& system = find_system("spring");
  const auto constants = default_values(system.constants);
  CHECK_THROWS_WITH(sample_initial_states(system, std::vector{0.9, 0.2}, constants, 0, 0, 1),
                    "spring: radius_min = 0.9 is greater than radius_max = 0.2");
  CHECK_THROWS_AS(sample_initial_states(system, std::vector{0.1, 1.0}, constants, 0, 0, -1),
                  base::UsageError);
  CHECK_THROWS_AS(sample_initial_states(system, std::vector{0.1}, constants, 0, 0, 1),
                  base::UsageError);
}

TEST_CASE("a time grid holds both ends and even steps", "[sim][sampling]") {
  const bool holds = rc::check([] {
    const double start = *rc::gen::inRange(-100, 100) * 0.1;
    const double end = start + *rc::gen::inRange(1, 1000) * 0.1;
    const int steps = *rc::gen::inRange(2, 500);
    const auto times = time_grid(start, end, steps);
    RC_ASSERT(times.size() == static_cast<std::size_t>(steps));
    RC_ASSERT(times.front() == start);
    RC_ASSERT(times.back() == end);
    RC_ASSERT(std::ranges::adjacent_find(times, std::greater_equal{}) == times.end());
  });
  CHECK(holds);
  // as NumPy's linspace(0, 3, 45)[7]
  CHECK(time_grid(0, 3, 45)[7] == 7 * (3.0 / 44));
}

TEST_CASE("time grids that make no sense are refused", "[sim][sampling]") {
  CHECK_THROWS_AS(time_grid(0, 1, 1), base::UsageError);
  CHECK_THROWS_AS(time_grid(0, 0, 5), base::UsageError);
  CHECK_THROWS_AS(time_grid(1, 0, 5), base::UsageError);
  CHECK_THROWS_AS(time_grid(0, NAN, 5), base::UsageError);
  CHECK_THROWS_AS(time_grid(0, INFINITY, 5), base::UsageError);
}

TEST_CASE("observations add noise of the stated spread", "[sim][sampling]") {
  const std::vector<double> state(20000, 3.0);
  const auto observation = observe(state, 0.1, 1, 0);
  double sum = 0;
  double sum_of_squares = 0;
  for (const double x : observation) {
    sum += x - 3;
    sum_of_squares += (x - 3) * (x - 3);
  }
  // five standard deviations each
  CHECK(std::abs(sum / 20000) < 5 * 0.1 / std::sqrt(20000.0));
  CHECK(std::sqrt(sum_of_squares / 20000) == Approx(0.1).epsilon(5 / std::sqrt(40000.0)));
  CHECK(observe(state, 0.1, 1, 0) == observation);
  CHECK(observe(state, 0.1, 1, 1) != observation);
  CHECK(observe(state, 0.1, 2, 0) != observation);
}

TEST_CASE("without noise an observation is the state", "[sim][sampling]") {
  const std::vector<double> state = {0.1, -2.0, 0.0};
  CHECK(observe(state, 0, 1, 0) == state);
  CHECK_THROWS_AS(observe(state, -0.1, 1, 0), base::UsageError);
  CHECK_THROWS_AS(observe(state, NAN, 1, 0), base::UsageError);
}

}  // namespace noether::sim
