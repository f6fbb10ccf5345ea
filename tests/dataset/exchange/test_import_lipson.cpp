#include "dataset/exchange/import_lipson.h"

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cmath>

#include "base/error.h"
#include "dataset/exchange/validate.h"
#include "dataset/store/dataset_file.h"
#include "tests/support/file_bytes.h"
#include "tests/support/reference.h"
#include "tests/support/temp_folder.h"

using namespace noether;

namespace {

constexpr const char* one_trial =
    "%o v\r\n"
    "  0.0e+000  5.0e+000  1.0e+000  -2.0e-001 \r\n"
    "  0.0e+000  5.5e+000  1.5e+000  0.0e+000 \r\n"
    "\r\n"
    "  0.0e+000  6.5e+000  3.5e+000  1.0e+000 \r\n"
    "  0.0e+000  7.0e+000  3.0e+000  1.0e+000 \r\n"
    "  0.0e+000  7.5e+000  3.0e+000  +2.5e+000";

std::string error_of(const std::string& text) {
  return test::message_of<base::DataError>([&] { dataset::parse_lipson(text, "in.txt"); });
}

void import_text(const test::TempFolder& folder, const std::string& text) {
  test::write_bytes(folder / "in.txt", text);
  dataset::import_lipson(folder / "in.txt", folder / "out.h5");
}

// three points of each trial at the same times
std::string trials(int count) {
  std::string text = "% x\n";
  for (int trial = 0; trial < count; ++trial) {
    for (int n = 0; n < 3; ++n) text += fmt::format("{} {} {}\n", trial, n, 10 * trial + n);
  }
  return text;
}

}  // namespace

TEST_CASE("columns are read with CRLF, empty lines, gaps and exponents", "[dataset][lipson]") {
  const auto record = dataset::parse_lipson(one_trial, "in.txt");
  CHECK(record.names == std::vector<std::string>{"o", "v"});
  CHECK(record.trials == 1);
  CHECK(record.times == std::vector<double>{5, 5.5, 6.5, 7, 7.5});
  CHECK(record.values == std::vector<double>{1, -0.2, 1.5, 0, 3.5, 1, 3, 1, 3, 2.5});
}

TEST_CASE("derivatives are differences over the real dt", "[dataset][lipson]") {
  const test::TempFolder folder;
  import_text(folder, one_trial);
  const dataset::DatasetFile file(folder / "out.h5");
  const auto rate = file.read<double>("trajectories/dstate_dt");
  REQUIRE(rate.size() == 10);
  CHECK(rate[0] == 1);        // (1.5 - 1) / 0.5
  CHECK(rate[2] == 2);        // (3.5 - 1.5) / 1: over the gap
  CHECK(rate[4] == -1);       // (3 - 3.5) / 0.5
  CHECK(rate[7] == 3);        // (2.5 - 1) / 0.5
  CHECK(rate[9] == rate[7]);  // the last row repeats the one before
  CHECK(file.read<double>("trajectories/state") == file.read<double>("trajectories/observation"));
  CHECK(file.read<double>("trajectories/initial_state") == std::vector<double>{1, -0.2});
  CHECK(file.invariant_names().empty());
}

TEST_CASE("one trial is split along time, the first 80 % train", "[dataset][lipson]") {
  const test::TempFolder folder;
  import_text(folder, one_trial);
  const dataset::DatasetFile file(folder / "out.h5");
  CHECK(file.samples() == 1);
  CHECK(file.read<std::int64_t>("splits/train") == std::vector<std::int64_t>{0, 1, 2, 3});
  CHECK(file.read<std::int64_t>("splits/valid").empty());
  CHECK(file.read<std::int64_t>("splits/test") == std::vector<std::int64_t>{4});
  CHECK(file.h5().text_attribute("splits/train", "axis") == "time");
  CHECK(file.h5().attribute("splits/test", "start") == dataset::AttributeValue{std::int64_t{4}});
}

TEST_CASE("several trials at the same times are trajectories, split by trial",
          "[dataset][lipson]") {
  const test::TempFolder folder;
  import_text(folder, trials(5));
  const dataset::DatasetFile file(folder / "out.h5");
  CHECK(file.samples() == 5);
  CHECK(file.rows<double>("trajectories/state", 3, 1) == std::vector<double>{30, 31, 32});
  CHECK(file.read<std::int64_t>("splits/train") == std::vector<std::int64_t>{0, 1, 2, 3});
  CHECK(file.read<std::int64_t>("splits/test") == std::vector<std::int64_t>{4});
  CHECK(file.h5().text_attribute("splits/train", "axis").empty());
}

TEST_CASE("however few there are, some are left for the test", "[dataset][lipson]") {
  for (int count = 2; count < 8; ++count) {
    const test::TempFolder folder;
    import_text(folder, trials(count));
    const dataset::DatasetFile file(folder / "out.h5");
    CHECK_FALSE(file.read<std::int64_t>("splits/train").empty());
    CHECK_FALSE(file.read<std::int64_t>("splits/test").empty());
  }
}

TEST_CASE("what was imported passes validation, equal texts give equal bytes",
          "[dataset][lipson]") {
  const test::TempFolder folder;
  import_text(folder, one_trial);
  for (const auto& check : dataset::validate(folder / "out.h5")) {
    INFO(check.name);
    CHECK(check.violations == std::vector<std::string>{});
  }
  dataset::import_lipson(folder / "in.txt", folder / "again.h5");
  CHECK(test::read_bytes(folder / "again.h5") == test::read_bytes(folder / "out.h5"));
}

TEST_CASE("mistakes in the columns are named with their line", "[dataset][lipson]") {
  CHECK(error_of("%x\n0 0 1\n0 1 two\n") == "'in.txt', line 3: 'two' is not a finite number");
  CHECK(error_of("%x\n0 0 1\n0 1 nan\n") == "'in.txt', line 3: 'nan' is not a finite number");
  CHECK(error_of("%x\n0 0 1\n0 1 1e999\n") == "'in.txt', line 3: '1e999' is not a finite number");
  CHECK(error_of("%x\n0 0 1\n\n0 1 1 1\n") ==
        "'in.txt', line 4: 4 columns where 3 were expected: trial, t and 1 values");
  CHECK(error_of("%x\n0 0 1\n0 0 1\n") == "'in.txt', line 3: t = 0 does not come after t = 0");
  CHECK(error_of("%x\n0 1 1\n0 0.5 1\n") == "'in.txt', line 3: t = 0.5 does not come after t = 1");
  CHECK(error_of("%x\n0 0 1\n0 1 1\n1 0 1\n1 1 1\n0 2 1\n") ==
        "'in.txt', line 6: trial 0 comes back");
  CHECK(error_of("0 0 1\n") ==
        "'in.txt', line 1: the header '% names of the variables' is missing before it");
  CHECK(error_of("%x x\n") == "'in.txt', line 1: 'x' comes twice");
  CHECK(error_of("%x,y\n") == "'in.txt', line 1: 'x,y' is not the name of a variable");
}

TEST_CASE("records that make no dataset are refused", "[dataset][lipson]") {
  CHECK(error_of("") == "'in.txt' holds no numbers");
  CHECK(error_of("%x\n\n") == "'in.txt' holds no numbers");
  CHECK(error_of("%x\n0 0 1\n") == "'in.txt': trial 0 has one point, at least two are needed");
  CHECK(error_of("%x\n0 0 1\n0 1 1\n7 0 1\n7 2 1\n").find("trial 7 (2 points)") !=
        std::string::npos);
  const test::TempFolder folder;
  CHECK_THROWS_AS(import_text(folder, "%x\n0 0 -1e308\n0 1e-3 1e308\n"), base::Error);
  CHECK_FALSE(std::filesystem::exists(folder / "out.h5"));
}

TEST_CASE("files that cannot be read or must not be replaced are named", "[dataset][lipson]") {
  const test::TempFolder folder;
  CHECK_THROWS_AS(dataset::import_lipson(folder / "none.txt", folder / "out.h5"), base::DataError);
  CHECK_THROWS_AS(dataset::import_lipson(folder.path(), folder / "out.h5"), base::DataError);
  import_text(folder, one_trial);
  CHECK_THROWS_AS(import_text(folder, trials(2)), base::DataError);
  dataset::import_lipson(folder / "in.txt", folder / "out.h5", true);
  CHECK(dataset::DatasetFile(folder / "out.h5").samples() == 2);
  CHECK_THROWS_AS(dataset::import_lipson(folder / "in.txt", folder / "no" / "out.h5"),
                  base::DataError);
}

TEST_CASE("the recorded pendulum is imported with its gaps", "[dataset][lipson][reference]") {
  const test::TempFolder folder;
  const auto record =
      dataset::import_lipson(test::reference_file("real_pend_h_1.txt"), folder / "out.h5");
  CHECK(record.names == std::vector<std::string>{"o", "v"});
  REQUIRE(record.times.size() == 556);
  const dataset::DatasetFile file(folder / "out.h5");
  CHECK(file.read<std::int64_t>("splits/train").size() == 445);
  // at most points, do/dt is the measured v, over the gaps too; a difference over a wrong dt is not
  const auto state = file.read<double>("trajectories/state");
  const auto rate = file.read<double>("trajectories/dstate_dt");
  double squares = 0;
  int gaps = 0;
  for (std::size_t n = 0; n + 1 < 556; ++n) {
    if (record.times[n + 1] - record.times[n] < 0.2) continue;
    ++gaps;
    squares += std::pow(rate[2 * n] - (state[2 * n + 1] + state[2 * n + 3]) / 2, 2);
  }
  CHECK(gaps == 10);
  // rms of v is 0.8 and of its change over a gap 0.4
  CHECK(std::sqrt(squares / gaps) < 0.2);
}
