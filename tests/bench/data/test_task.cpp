#include "bench/data/task.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "base/error.h"
#include "tests/bench/tables/small_models.h"
#include "tests/support/dataset_copy.h"
#include "tests/support/file_bytes.h"
#include "tests/support/temp_folder.h"

using namespace noether;

namespace {

std::vector<double> difference(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> d;
  for (std::size_t i = 0; i < a.size(); ++i) d.push_back(a[i] - b[i]);
  return d;
}

}  // namespace

TEST_CASE("a task holds the train split point by point and the noise-free test split",
          "[bench][task]") {
  const test::TempFolder folder;
  test::generate_springs(folder / "a.h5", {{"noise_std", "0.1"}, {"steps", "30"}});
  const auto task = bench::load_task(folder / "a.h5", {.dtype = learn::DType::f64});
  CHECK(task.system == "spring");
  CHECK(task.coordinates == std::vector<std::string>{"q", "p"});
  // the times are rounded, so their spacing is too
  CHECK(task.dt == Approx(3.0 / 29).epsilon(1e-15));
  CHECK(task.noise_std == 0.1);
  CHECK(task.trajectories == 5);
  CHECK(task.samples == 30);
  CHECK(task.x.shape() == learn::Shape{150, 2});

  const dataset::DatasetFile file(folder / "a.h5");
  CHECK(task.x.to_vector() == file.rows<double>("trajectories/observation", 0, 5));
  CHECK(task.dx_dt.to_vector() == file.rows<double>("trajectories/dstate_dt", 0, 5));
  CHECK(task.test_x.to_vector() == file.rows<double>("trajectories/state", 5, 5));
  CHECK(task.x.to_vector() != file.rows<double>("trajectories/state", 0, 5));
  const auto clean =
      bench::load_task(folder / "a.h5", {.noise_free = true, .dtype = learn::DType::f64});
  CHECK(clean.x.to_vector() == file.rows<double>("trajectories/state", 0, 5));
  CHECK(clean.noise_std == 0);
}

TEST_CASE("truth goes on beyond the file as the closed form does", "[bench][task]") {
  const test::TempFolder folder;
  test::generate_springs(folder / "a.h5", {{"steps", "30"}});
  const auto task = bench::load_task(folder / "a.h5", {.horizons = {10, 3}});
  CHECK(task.horizons == std::vector<double>{3, 10});
  REQUIRE(task.truth.size() == 97);  // 96 steps of 3/29 s fit into 10 s
  const auto starts = task.starts.to_vector();
  REQUIRE(starts.size() == 10);
  for (std::size_t n = 0; n < task.truth.size(); ++n) {
    const double t = static_cast<double>(n) * task.dt;
    const auto states = task.truth[n].to_vector();
    for (std::size_t i = 0; i < 10; i += 2) {
      const double q = starts[i] * std::cos(2 * t) + starts[i + 1] * std::sin(2 * t);
      // the integrator's bound, over three times the default span
      CHECK(std::abs(states[i] - q) < 3e-12);
    }
  }
}

TEST_CASE("truth within the file is the file's own", "[bench][task]") {
  const test::TempFolder folder;
  test::generate_springs(folder / "a.h5", {{"steps", "30"}});
  const auto task = bench::load_task(folder / "a.h5", {.horizons = {3}});
  REQUIRE(task.truth.size() == 30);
  const auto row = dataset::DatasetFile(folder / "a.h5").rows<double>("trajectories/state", 5, 1);
  const auto last = task.truth.back().to_vector();
  CHECK(last[0] == row[58]);
  CHECK(last[1] == row[59]);
  const auto longer = bench::load_task(folder / "a.h5", {.horizons = {3.2}});
  for (const double d : difference(longer.truth[29].to_vector(), last)) CHECK(std::abs(d) < 1e-12);
}

TEST_CASE("a horizon of whole steps is that many, however it rounds", "[bench][task]") {
  CHECK(bench::steps_within(3, 3.0 / 44) == 44);
  CHECK(bench::steps_within(10, 3.0 / 44) == 146);
  for (int n = 1; n < 2000; ++n) CHECK(bench::steps_within(n * 0.1, 0.1) == n);
}

TEST_CASE("a number that is not finite is refused with its place", "[bench][task]") {
  const test::TempFolder folder;
  test::generate_springs(folder / "a.h5", {{"steps", "30"}});
  test::rewrite(folder / "a.h5", folder / "b.h5", [](dataset::Layout& layout) {
    test::set_element(test::array_of(layout, "trajectories/observation"), 2 * (30 * 3 + 7),
                      std::numeric_limits<double>::quiet_NaN());
  });
  CHECK_THAT(
      test::message_of<base::DataError>([&] { bench::load_task(folder / "b.h5"); }),
      Catch::Contains("b.h5': 'trajectories/observation' holds a number that is not finite in "
                      "trajectory 3 at time index 7"));
}

TEST_CASE("what cannot be predicted is refused", "[bench][task]") {
  const test::TempFolder folder;
  test::generate_springs(folder / "a.h5", {{"steps", "30"}});
  const auto message = [&](const std::string& name, std::vector<double> horizons) {
    return test::message_of<base::Error>(
        [&] { bench::load_task(folder / name, {.horizons = std::move(horizons)}); });
  };
  CHECK_THAT(message("a.h5", {0.05}), Catch::Contains("horizon 0.05 must be finite and at least"));
  CHECK_THAT(message("a.h5", {std::nan("")}), Catch::Contains("horizon nan must be finite"));

  test::rewrite(folder / "a.h5", folder / "unknown.h5", [](dataset::Layout& layout) {
    test::attribute_of(layout, "system") = std::string("bell");
  });
  CHECK_NOTHROW(bench::load_task(folder / "unknown.h5", {.horizons = {3}}));
  CHECK_THAT(message("unknown.h5", {10}), Catch::Contains("'bell' cannot be integrated"));

  test::rewrite(folder / "a.h5", folder / "uneven.h5", [](dataset::Layout& layout) {
    test::set_element(test::array_of(layout, "dimensions/time"), 3, 0.32);
  });
  CHECK_THAT(message("uneven.h5", {3}), Catch::Equals(""));
  CHECK_THAT(message("uneven.h5", {10}), Catch::Contains("lies beyond its test times"));

  test::rewrite(folder / "a.h5", folder / "split.h5", [](dataset::Layout& layout) {
    test::set_element(test::array_of(layout, "splits/train"), 0, std::int64_t{10});
  });
  CHECK_THAT(message("split.h5", {3}), Catch::Contains("holds the index 10"));
}
