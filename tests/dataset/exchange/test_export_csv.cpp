#include "dataset/exchange/export_csv.h"

#include <catch2/catch.hpp>
#include <charconv>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/error.h"
#include "tests/support/dataset_copy.h"
#include "tests/support/file_bytes.h"
#include "tests/support/small_datasets.h"
#include "tests/support/temp_folder.h"

using namespace noether;
using dataset::DatasetFile;

namespace {

using Row = std::vector<std::string>;

std::vector<Row> read_csv(const std::filesystem::path& path) {
  std::istringstream text(test::read_bytes(path));
  std::vector<Row> rows;
  for (std::string line; std::getline(text, line);) {
    std::istringstream fields(line + ",");
    rows.emplace_back();
    for (std::string field; std::getline(fields, field, ',');) rows.back().push_back(field);
  }
  return rows;
}

double number(const std::string& field) {
  double value = 0;
  const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
  REQUIRE(error == std::errc{});
  REQUIRE(end == field.data() + field.size());
  return value;
}

// column `name` of all rows but the first, as bits
std::vector<double> column(const std::vector<Row>& rows, const std::string& name) {
  const auto at = std::ranges::find(rows.at(0), name) - rows[0].begin();
  REQUIRE(at < static_cast<std::ptrdiff_t>(rows[0].size()));
  std::vector<double> values;
  for (std::size_t i = 1; i < rows.size(); ++i)
    values.push_back(number(rows[i].at(static_cast<std::size_t>(at))));
  return values;
}

// element k of every D numbers
std::vector<double> every(const std::vector<double>& values, std::size_t dimension, std::size_t k) {
  std::vector<double> chosen;
  for (std::size_t i = k; i < values.size(); i += dimension) chosen.push_back(values[i]);
  return chosen;
}

}  // namespace

TEST_CASE("trajectories read back from CSV are the stored ones bit for bit",
          "[dataset][export][csv]") {
  const test::TempFolder folder;
  test::generate(test::small_springs(), folder / "a.h5");
  const DatasetFile file(folder / "a.h5");
  dataset::export_csv(file, folder / "csv");
  const auto rows = read_csv(folder / "csv" / "trajectories.csv");
  REQUIRE(rows.size() == 1 + 10 * 5);
  CHECK(rows[0] ==
        Row{"trajectory", "t", "q", "p", "q_obs", "p_obs", "dq_dt", "dp_dt", "energy", "split"});
  const auto state = file.read<double>("trajectories/state");
  CHECK(column(rows, "q") == every(state, 2, 0));
  CHECK(column(rows, "p") == every(state, 2, 1));
  CHECK(column(rows, "p_obs") == every(file.read<double>("trajectories/observation"), 2, 1));
  CHECK(column(rows, "dq_dt") == every(file.read<double>("trajectories/dstate_dt"), 2, 0));
  CHECK(column(rows, "energy") == file.read<double>("trajectories/invariants/energy"));
  CHECK(rows.back()[0] == "9");
  CHECK(number(rows.back()[1]) == file.read<double>("dimensions/time").back());
}

TEST_CASE("numbers that decimals find hard keep their bits in CSV", "[dataset][export][csv]") {
  const test::TempFolder folder;
  test::generate(test::small_springs(), folder / "a.h5");
  const std::vector<double> hard{5e-324, -0.0, 1.7976931348623157e308, 0.1 + 0.2, 1e23};
  test::rewrite(folder / "a.h5", folder / "b.h5", [&](dataset::Layout& layout) {
    auto& state = test::array_of(layout, "trajectories/state");
    for (std::size_t i = 0; i < hard.size(); ++i) test::set_element(state, 2 * i, hard[i]);
  });
  dataset::export_csv(DatasetFile(folder / "b.h5"), folder / "csv");
  const auto q = column(read_csv(folder / "csv" / "trajectories.csv"), "q");
  for (std::size_t i = 0; i < hard.size(); ++i) {
    CHECK(q[i] == hard[i]);
    CHECK(std::signbit(q[i]) == std::signbit(hard[i]));
  }
}

TEST_CASE("episodes read back from CSV are the stored ones, the last row without an action",
          "[dataset][export][csv]") {
  const test::TempFolder folder;
  test::generate(test::small_episodes(), folder / "a.h5");
  const DatasetFile file(folder / "a.h5");
  dataset::export_csv(file, folder / "csv");
  const auto rows = read_csv(folder / "csv" / "episodes.csv");
  REQUIRE(rows.size() == 1 + 3 * 21);
  CHECK(column(rows, "theta") == every(file.read<double>("episodes/state"), 2, 0));
  const auto observation = file.read<float>("episodes/observations/state");
  CHECK(column(rows, "obs_theta_dot") ==
        every(std::vector<double>(observation.begin(), observation.end()), 3, 2));
  const auto action = file.read<float>("episodes/actions");
  const auto reward = file.read<double>("episodes/rewards");
  for (std::size_t t = 0; t < 20; ++t) {
    CHECK(static_cast<float>(number(rows[1 + 21 + t][7])) == action[20 + t]);
    CHECK(number(rows[1 + 21 + t][8]) == reward[20 + t]);
    CHECK(rows[1 + 21 + t][10] == (t == 19 ? "1" : "0"));
  }
  for (std::size_t k = 7; k < 11; ++k) CHECK(rows[21][k].empty());
}

TEST_CASE("the metadata of a CSV export name columns, units and splits", "[dataset][export][csv]") {
  const test::TempFolder folder;
  test::generate(test::small_springs(), folder / "a.h5");
  dataset::export_csv(DatasetFile(folder / "a.h5"), folder / "csv");
  const auto metadata = nlohmann::json::parse(test::read_bytes(folder / "csv" / "metadata.json"));
  CHECK(metadata["attributes"]["system"] == "spring");
  CHECK(metadata["columns"][1]["name"] == "t");
  CHECK(metadata["columns"][1]["unit"] == "s");
  CHECK(metadata["splits"]["axis"] == "trajectory");
  CHECK(metadata["splits"]["train"].size() + metadata["splits"]["test"].size() == 10);
}

TEST_CASE("an export replaces only what an export wrote", "[dataset][export]") {
  const test::TempFolder folder;
  test::generate(test::small_springs(), folder / "a.h5");
  const DatasetFile file(folder / "a.h5");
  const auto csv = folder / "csv";
  dataset::export_csv(file, csv);
  const auto before = test::read_bytes(csv / "trajectories.csv");
  CHECK_THROWS_AS(dataset::export_csv(file, csv), base::DataError);
  dataset::export_csv(file, csv.string() + "/", {.overwrite = true});
  CHECK(test::read_bytes(csv / "trajectories.csv") == before);
  test::write_bytes(csv / "thesis.tex", "irreplaceable");
  const auto message = test::message_of<base::DataError>(
      [&] { dataset::export_csv(file, csv, {.overwrite = true}); });
  CHECK(message.find("'thesis.tex'") != std::string::npos);
  CHECK(test::read_bytes(csv / "thesis.tex") == "irreplaceable");
}

TEST_CASE("an export that fails leaves nothing", "[dataset][export]") {
  const test::TempFolder folder;
  test::generate(test::small_springs(), folder / "a.h5");
  const DatasetFile file(folder / "a.h5");
  const auto fail = [](std::int64_t, std::int64_t) { throw base::Interrupted("in the middle"); };
  CHECK_THROWS_AS(dataset::export_csv(file, folder / "csv", {.on_progress = fail}),
                  base::Interrupted);
  CHECK_THROWS_AS(dataset::export_csv(file, folder / "no" / "csv"), base::DataError);
  CHECK_THROWS_AS(dataset::export_csv(file, "."), base::UsageError);
  const std::filesystem::directory_iterator left(folder.path());
  CHECK(std::distance(begin(left), end(left)) == 1);
}
