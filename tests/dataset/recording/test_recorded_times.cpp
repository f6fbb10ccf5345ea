#include "dataset/recording/recorded_times.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "base/error.h"

namespace noether::dataset {
namespace {

// One coordinate, which is the time.
Trials trials_at(const std::vector<std::vector<double>>& times) {
  Trials trials{.source = "made", .coordinates = {"q"}, .units = {""}, .trials = {}};
  for (const auto& own : times)
    trials.trials.push_back({std::to_string(trials.trials.size()), own, own, {}});
  return trials;
}

std::vector<double> frames(std::size_t count, double rate, double digits, double first = 0) {
  std::vector<double> times;
  for (std::size_t n = 0; n < count; ++n)
    times.push_back(std::round((first + static_cast<double>(n) / rate) * digits) / digits);
  return times;
}

}  // namespace

TEST_CASE("thirty frames a second rounded to milliseconds are even, on one step for all trials",
          "[dataset][recording]") {
  Trials trials = trials_at({frames(61, 30, 1e3), frames(40, 30, 1e3, 2.01)});
  trials.trials[0].times.erase(trials.trials[0].times.begin() + 20);  // a frame was lost
  REQUIRE(undo_rounding(trials));
  const auto &a = trials.trials[0].times, &b = trials.trials[1].times;
  // 61 roundings of 3e-4 s each leave 3e-4 / 61^1.5 of the step, and as much of the start as / 61
  CHECK(a[1] - a[0] == Approx(1.0 / 30).epsilon(3e-5));
  CHECK(a[20] - a[19] == Approx(2.0 / 30).epsilon(3e-5));
  for (std::size_t n = 1; n < b.size(); ++n)
    CHECK(b[n] - b[n - 1] == Approx(a[1] - a[0]).epsilon(1e-12));
  CHECK(b[0] == Approx(2.01).margin(1e-4));
  CHECK(trials.trials[0].values[5] == 0.167);
}

TEST_CASE("rates that differ are evened trial by trial", "[dataset][recording]") {
  Trials trials = trials_at({frames(61, 30, 1e3), frames(61, 24, 1e3)});
  REQUIRE(undo_rounding(trials));
  CHECK(trials.trials[1].times[1] - trials.trials[1].times[0] == Approx(1.0 / 24).epsilon(3e-5));
}

TEST_CASE("even times stay to the last bit, and uneven ones are not evened",
          "[dataset][recording]") {
  std::vector<double> even, drifting, jittering, coarse;
  for (int n = 0; n < 60; ++n) {
    even.push_back(0.1 * n);
    drifting.push_back(0.1 * n + 1e-4 * n * n);
    jittering.push_back(0.1 * n + 1e-3 * std::sin(7 * n));
    coarse.push_back(std::round(10 * (0.13 * n + 0.01 * std::sin(7 * n))) / 10);
  }
  for (const auto& times : {even, drifting, jittering, coarse}) {
    Trials trials = trials_at({times});
    CHECK_FALSE(undo_rounding(trials));
    CHECK(trials.trials[0].times == times);
  }
}

TEST_CASE("times that were kept as float32 are even", "[dataset][recording]") {
  std::vector<double> times;
  for (int n = 0; n < 60; ++n) times.push_back(static_cast<float>(n / 30.0));
  Trials trials = trials_at({times});
  CHECK(undo_rounding(trials));
  CHECK(trials.trials[0].times[59] - trials.trials[0].times[0] == Approx(59 / 30.0).epsilon(1e-7));
}

TEST_CASE("a gap cuts a trial, and its parameters with it", "[dataset][recording]") {
  Trials trials = trials_at({{0, 1, 2, 3, 4, 5},
                             {0, 1, 2, 3, 8, 9, 20, 21, 22, 23, 24},
                             {5, 6, 7, 11, 12}});  // four steps are none
  trials.parameters = {{"mass", {1, 2, 3}}};
  const Cuts cuts = cut_at_gaps(trials);
  CHECK(cuts.gaps == 2);
  CHECK(cuts.lost == 2);
  REQUIRE(trials.trials.size() == 4);
  CHECK(trials.trials[2].times == std::vector<double>{20, 21, 22, 23, 24});
  CHECK(trials.trials[2].values == trials.trials[2].times);
  CHECK(trials.trials[2].continues);
  CHECK_FALSE(trials.trials[1].continues);
  CHECK_FALSE(trials.trials[3].continues);
  CHECK(trials.parameters[0].values == std::vector<double>{1, 2, 2, 3});
  Trials scattered = trials_at({{0, 1, 2, 100, 101, 102, 200, 201}});
  CHECK_THROWS_WITH(cut_at_gaps(scattered), Catch::Contains("'made': trial 0 has no 4 points"));
}

TEST_CASE("points with a missing number are left out, and those that fill up are not counted",
          "[dataset][recording]") {
  Trials trials = trials_at({{0, 1, 2, 3, 4, NAN, NAN}, {0, 1, 2, 3, 4, 5, 6}});
  trials.trials[0].values[1] = NAN;
  CHECK(leave_out_missing(trials) == 1);
  CHECK(trials.trials[0].times == std::vector<double>{0, 2, 3, 4});
  CHECK(trials.trials[0].values == trials.trials[0].times);
  CHECK(trials.trials[1].times.size() == 7);
}

}  // namespace noether::dataset
