#include "bench/data/recording.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "base/error.h"
#include "dataset/exchange/import_lipson.h"
#include "tests/support/file_bytes.h"
#include "tests/support/temp_folder.h"

using namespace noether;
using bench::Differences;
using Catch::Contains;

namespace {

// x = (sin t, cos t) every dt, but for the points that are left out
bench::Recording circle(double dt, int points, const std::vector<int>& missing = {}) {
  std::vector<double> times, states;
  for (int n = 0; n < points; ++n) {
    if (std::ranges::find(missing, n) != missing.end()) continue;
    times.push_back(5 + n * dt);
    states.push_back(std::sin(times.back()));
    states.push_back(std::cos(times.back()));
  }
  return bench::make_recording("circle", {"o", "v"}, times, states);
}

// the largest error of the differences as derivatives
double error_of(const bench::Slopes& slopes) {
  const auto x = slopes.x.to_vector(), dx_dt = slopes.dx_dt.to_vector();
  double largest = 0;
  for (std::size_t i = 0; i < x.size(); i += 2) {
    largest = std::max({largest, std::abs(dx_dt[i] - x[i + 1]), std::abs(dx_dt[i + 1] + x[i])});
  }
  return largest;
}

std::string refusal(const std::vector<double>& times) {
  const std::vector<double> states(times.size(), 1.0);
  return test::message_of<base::DataError>(
      [&] { bench::make_recording("a.txt", {"o"}, times, states); });
}

}  // namespace

TEST_CASE("forward differences are of first order, central ones of second", "[bench][recording]") {
  const auto ratio = [](Differences differences) {
    return error_of(bench::slopes(circle(0.02, 200), differences)) /
           error_of(bench::slopes(circle(0.01, 400), differences));
  };
  CHECK(ratio(Differences::forward) == Approx(2).epsilon(0.02));
  CHECK(ratio(Differences::central) == Approx(4).epsilon(0.02));
  CHECK(error_of(bench::slopes(circle(0.01, 400), Differences::central)) > 1e-6);
}

TEST_CASE("the Euler map of forward differences gives the next point", "[bench][recording]") {
  const auto recording = circle(0.1, 30);
  const auto [x, dx_dt] = bench::slopes(recording, Differences::forward);
  REQUIRE(x.shape() == learn::Shape{29, 2});
  const auto at = x.to_vector(), rate = dx_dt.to_vector();
  for (std::size_t i = 0; i < at.size(); ++i) {
    CHECK(at[i] == recording.states[i]);
    // a difference of numbers of order 1, divided by a step and multiplied again
    CHECK(at[i] + recording.dt * rate[i] == Approx(recording.states[i + 2]).margin(1e-13));
  }
}

TEST_CASE("no difference is taken over a gap", "[bench][recording]") {
  const std::vector<int> missing{7, 12, 13};
  const auto recording = circle(0.1, 20, missing);
  CHECK(recording.dt == Approx(0.1).epsilon(1e-15));  // a difference of times, over their number
  CHECK(recording.ticks[7] == 8);
  CHECK(recording.ticks.back() == 19);
  const auto forward = bench::slopes(recording, Differences::forward);
  const auto central = bench::slopes(recording, Differences::central);
  // 16 steps, of which two are gaps; 15 inner points, of which four are beside one
  CHECK(forward.x.shape() == learn::Shape{14, 2});
  CHECK(central.x.shape() == learn::Shape{11, 2});
  // nowhere worse than where nothing is missing; over a gap, errors would be twice as large or more
  for (const auto differences : {Differences::forward, Differences::central}) {
    CHECK(error_of(bench::slopes(recording, differences)) <=
          error_of(bench::slopes(circle(0.1, 20), differences)));
  }
  CHECK_FALSE(bench::slopes(circle(0.1, 5, {2}), Differences::central).x.defined());
}

TEST_CASE("a part keeps its times and has differences of its own", "[bench][recording]") {
  const auto all = circle(0.1, 20);
  const auto last = bench::part(all, 15, 20);
  CHECK(last.points() == 5);
  CHECK(last.times.front() == all.times[15]);
  CHECK(last.states.front() == all.states[30]);
  CHECK(bench::slopes(last, Differences::forward).x.shape() == learn::Shape{4, 2});
}

TEST_CASE("times of three digits are evenly spaced, a clock that drifts is not",
          "[bench][recording]") {
  const auto rounded =
      bench::make_recording("a.txt", {"o"}, {5, 5.167, 5.333, 5.5, 5.667, 6}, {1, 2, 3, 4, 5, 6});
  CHECK(rounded.ticks == std::vector<std::int64_t>{0, 1, 2, 3, 4, 6});
  CHECK(rounded.dt == 1.0 / 6);
  CHECK_THAT(refusal({0, 1, 2, 3.4, 4.4}),
             Contains("from t = 2 to 3.4 are 1.4 of the usual time steps"));
  CHECK_THAT(refusal({0, 1, 1, 2}), Contains("from t = 1 to 1"));
  CHECK_THAT(refusal({0}), Contains("fewer than two points"));
}

TEST_CASE("the text and its import are the same recording", "[bench][recording]") {
  const test::TempFolder folder;
  test::write_bytes(folder / "a.txt", "%o v\n0 1.0 0.1 0.2\n0 1.5 0.3 0.4\n0 2.5 0.5 0.6\n");
  dataset::import_lipson(folder / "a.txt", folder / "a.h5");
  const auto text = bench::read_recording(folder / "a.txt");
  const auto import = bench::read_recording(folder / "a.h5");
  CHECK(text.states == std::vector<double>{0.1, 0.2, 0.3, 0.4, 0.5, 0.6});
  CHECK(import.states == text.states);
  CHECK(import.times == text.times);
  CHECK(import.coordinates == text.coordinates);
}

TEST_CASE("a file that is no single measured trial is refused", "[bench][recording]") {
  const test::TempFolder folder;
  const auto refused = [&](const std::string& bytes) {
    test::write_bytes(folder / "a.txt", bytes);
    return test::message_of<base::DataError>([&] { bench::read_recording(folder / "a.txt"); });
  };
  CHECK_THAT(refused("a letter to a friend"), Contains("line 1: the header '% names"));
  CHECK_THAT(refused("\x89HDF\r\n\x1a\n and nothing more"), Contains("a.txt"));
  CHECK_THAT(refused("%o\n0 1 2\n0 2 3\n1 1 2\n1 2 3\n"), Contains("2 trajectories where one"));
  CHECK_THROWS_AS(bench::read_recording(folder / "none.txt"), base::DataError);
}
