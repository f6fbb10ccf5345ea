#include "bench/table/run_table.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>

#include "base/error.h"
#include "bench/table/provenance.h"
#include "bench/table/run_store.h"
#include "tests/bench/table/fake_experiment.h"
#include "tests/support/file_bytes.h"
#include "tests/support/temp_folder.h"

namespace noether::bench {
namespace {

namespace fs = std::filesystem;

TableOptions options_in(const fs::path& folder) {
  TableOptions options = fake_options();
  options.folder = folder;
  return options;
}

// The fake experiment, counting its runs.
Experiment counted(std::atomic<int>& runs) {
  Experiment experiment = fake_experiment();
  experiment.run = [&runs](const RunContext& run) {
    ++runs;
    return fake_run(run);
  };
  return experiment;
}

fs::path path_of_run(const fs::path& folder, double noise, std::uint64_t seed) {
  return run_path(folder, fake_spec(), {{"noise", noise}}, seed);
}

// Runs and writes the fake table; all its files as one string.
std::string whole_table(const fs::path& folder, int jobs, const Experiment& experiment) {
  TableOptions options = options_in(folder);
  options.jobs = jobs;
  const auto table = run_table(experiment, options);
  write_table(folder, experiment.spec, table.records, table.curves,
              provenance_json(experiment.spec, options));
  std::string all;
  for (const char* name : {"records.csv", "curves.csv", "table.md", "table.json", "table.png"})
    all += test::read_bytes(folder / name);
  for (const double noise : {0.0, 0.1}) {
    for (const auto seed : options.settings.seeds)
      all += test::read_bytes(path_of_run(folder, noise, seed));
  }
  return all;
}

}  // namespace

TEST_CASE("a table has the records of each noise and seed, in order", "[bench][run]") {
  const auto table = run_table(fake_experiment(), fake_options());
  CHECK(table.computed == 6);
  CHECK(table.kept == 0);
  REQUIRE(table.records.size() == 6 * 15);
  CHECK(table.records[0].table == "fake");
  CHECK(table.records[15].seed == 1);
  CHECK(table.records[45].at.at("noise") == 0.1);
  const auto one = select(
      table.records,
      {.row = "control", .at = {{"noise", 0.1}, {"horizon", 10}}, .seed = 2, .metric = "rmse"});
  REQUIRE(one.size() == 1);
  CHECK(one[0].value == fake_error(1, 0.1, 10, 2));
}

TEST_CASE("one and two jobs write the same bytes", "[bench][run]") {
  const test::TempFolder folder;
  Experiment slow_first = fake_experiment();
  slow_first.run = [](const RunContext& run) {
    // such that with two jobs the second run ends before the first
    if (run.seed == 0) std::this_thread::sleep_for(std::chrono::milliseconds(20));
    return fake_run(run);
  };
  const auto one = whole_table(folder / "one", 1, slow_first);
  CHECK(one.size() > 10000);
  CHECK(one == whole_table(folder / "two", 2, slow_first));
}

TEST_CASE("a killed table computes only what is missing, to the same bytes", "[bench][run]") {
  const test::TempFolder folder;
  const auto expected = whole_table(folder / "whole", 1, fake_experiment());
  run_table(fake_experiment(), options_in(folder / "killed"));
  // two runs were never finished, one of them was being written
  fs::remove(path_of_run(folder / "killed", 0, 1));
  const fs::path half = path_of_run(folder / "killed", 0.1, 2);
  const auto bytes = test::read_bytes(half);
  fs::remove(half);
  test::write_bytes(half.string() + ".partial", bytes.substr(0, bytes.size() / 2));

  std::atomic<int> runs = 0;
  auto options = options_in(folder / "killed");
  options.resume = true;
  const auto resumed = run_table(counted(runs), options);
  CHECK(runs == 2);
  CHECK(resumed.kept == 4);
  CHECK(resumed.computed == 2);
  CHECK_FALSE(fs::exists(half.string() + ".partial"));
  CHECK(to_csv(resumed.records, axis_names(fake_spec())) ==
        test::read_bytes(folder / "whole/records.csv"));
  CHECK(test::read_bytes(half) == test::read_bytes(path_of_run(folder / "whole", 0.1, 2)));
}

TEST_CASE("more seeds resume a table of fewer", "[bench][run]") {
  const test::TempFolder folder;
  run_table(fake_experiment(), options_in(folder / "t"));
  auto options = options_in(folder / "t");
  options.resume = true;
  options.settings = fake_settings({{"seeds", "0,1,2,9"}});
  std::atomic<int> runs = 0;
  CHECK(run_table(counted(runs), options).kept == 6);
  CHECK(runs == 2);
}

TEST_CASE("an existing folder is refused without resume or overwrite", "[bench][run]") {
  const test::TempFolder folder;
  run_table(fake_experiment(), options_in(folder / "t"));
  CHECK_THROWS_WITH(run_table(fake_experiment(), options_in(folder / "t")),
                    Catch::Contains("exists: --resume continues"));
  CHECK_THROWS_AS(run_table(fake_experiment(), options_in(folder / "none/t")), base::DataError);
}

TEST_CASE("a folder takes one table at a time", "[bench][run]") {
  const test::TempFolder folder;
  const auto first = run_table(fake_experiment(), options_in(folder / "t"));
  auto options = options_in(folder / "t");
  for (bool TableOptions::*flag : {&TableOptions::resume, &TableOptions::overwrite}) {
    options.resume = options.overwrite = false;
    options.*flag = true;
    CHECK_THROWS_WITH(run_table(fake_experiment(), options),
                      Catch::EndsWith("/t' is being written by another process"));
  }
  CHECK(fs::exists(path_of_run(folder / "t", 0, 0)));
}

TEST_CASE("overwrite computes all again, but replaces only what tables write", "[bench][run]") {
  const test::TempFolder folder;
  run_table(fake_experiment(), options_in(folder / "t"));
  auto options = options_in(folder / "t");
  options.overwrite = true;
  std::atomic<int> runs = 0;
  run_table(counted(runs), options);
  CHECK(runs == 6);
  test::write_bytes(folder / "t/thesis.tex", "years of work");
  CHECK_THROWS_WITH(run_table(fake_experiment(), options),
                    Catch::Contains("'thesis.tex', which no table writes"));
  CHECK(fs::exists(path_of_run(folder / "t", 0, 0)));
}

TEST_CASE("a run of other settings is not resumed", "[bench][run]") {
  const test::TempFolder folder;
  run_table(fake_experiment(), options_in(folder / "t"));
  auto options = options_in(folder / "t");
  options.resume = true;
  options.settings = fake_settings({{"scratch", "yes"}});
  CHECK_THROWS_WITH(run_table(fake_experiment(), options),
                    Catch::Contains("0-0.json': was computed with other settings (scratch is "
                                    "'no', not 'yes'): repeat that command with the program "));
}

TEST_CASE("a run with another weight decay is not resumed", "[bench][run]") {
  const test::TempFolder folder;
  run_table(fake_experiment(), options_in(folder / "t"));
  auto options = options_in(folder / "t");
  options.resume = true;
  options.settings = fake_settings({{"weight_decay", "0"}});
  CHECK_THROWS_WITH(run_table(fake_experiment(), options),
                    Catch::Contains("other settings (weight_decay is '0.0001', not '0"));
}

TEST_CASE("a damaged run is computed again, to the same bytes", "[bench][run]") {
  const test::TempFolder folder;
  run_table(fake_experiment(), options_in(folder / "t"));
  const fs::path path = path_of_run(folder / "t", 0, 1);
  const std::string bytes = test::read_bytes(path);
  auto options = options_in(folder / "t");
  options.resume = true;
  const auto replaced = [&](std::string text, const std::string& what, const std::string& by) {
    REQUIRE(text.find(what) != std::string::npos);
    return text.replace(text.find(what), what.size(), by);
  };
  for (const std::string& damaged :
       {bytes.substr(0, bytes.size() / 2), std::string("[]"), std::string(),
        // a bit of a number, of the key, and another type
        replaced(bytes, "rmse,6.0", "rmse,2.0"), replaced(bytes, "\"fake\"", "\"fakd\""),
        replaced(bytes, "\"seed\": \"1\"", "\"seed\": 1"),
        replaced(bytes, "\"sha256\"", "\"sha257\"")}) {
    INFO(damaged.substr(0, 200));
    REQUIRE(damaged != bytes);
    test::write_bytes(path, damaged);
    std::atomic<int> runs = 0;
    run_table(counted(runs), options);
    CHECK(runs == 1);
    CHECK(test::read_bytes(path) == bytes);
  }
}

TEST_CASE("a damaged run is named before anything is computed", "[bench][run]") {
  const test::TempFolder folder;
  run_table(fake_experiment(), options_in(folder / "t"));
  // one run is missing, and a later one is damaged
  fs::remove(path_of_run(folder / "t", 0, 0));
  const fs::path path = path_of_run(folder / "t", 0.1, 1);
  test::write_bytes(path, "[]");
  auto options = options_in(folder / "t");
  options.resume = true;
  std::vector<fs::path> named;
  Experiment failing = fake_experiment();
  failing.run = [&](const RunContext&) -> RunResult {
    CHECK(named == std::vector<fs::path>{path});
    throw base::NumericalError("diverged");
  };
  const TableListener listener{.on_damaged = [&](const fs::path& one) { named.push_back(one); }};
  CHECK_THROWS_AS(run_table(failing, options, listener), base::Error);
  CHECK(named == std::vector<fs::path>{path});

  named.clear();
  run_table(fake_experiment(), options, listener);
  CHECK(named == std::vector<fs::path>{path});
  run_table(fake_experiment(), options, listener);
  CHECK(named.size() == 1);  // there are no more
}

TEST_CASE("a run without a digest, as earlier versions wrote it, is refused by its key",
          "[bench][run]") {
  const test::TempFolder folder;
  run_table(fake_experiment(), options_in(folder / "t"));
  const fs::path path = path_of_run(folder / "t", 0, 1);
  auto run = nlohmann::ordered_json::parse(test::read_bytes(path));
  run.erase("sha256");
  run["key"]["version"] = "v0";
  test::write_bytes(path, run.dump(1));
  auto options = options_in(folder / "t");
  options.resume = true;
  CHECK_THROWS_WITH(run_table(fake_experiment(), options),
                    Catch::Contains("other settings (version is 'v0', not '"));
}

TEST_CASE("a run of the version before is refused, and the message says what to do",
          "[bench][run]") {
  const test::TempFolder folder;
  run_table(fake_experiment(), options_in(folder / "t"));
  // its key and its records had another form
  test::write_bytes(path_of_run(folder / "t", 0, 1),
                    R"({"key": {"table": "fake", "noise": "0.0", "seed": "1", "weight decay": "0"},
                        "records": [], "curves": []})");
  auto options = options_in(folder / "t");
  options.resume = true;
  CHECK_THROWS_WITH(run_table(fake_experiment(), options),
                    Catch::Contains("was computed with other settings (") &&
                        Catch::Contains("repeat that command with the program that "));
}

TEST_CASE("a run that fails is named, and the finished ones are kept", "[bench][run]") {
  const test::TempFolder folder;
  Experiment failing = fake_experiment();
  failing.run = [](const RunContext& run) {
    if (run.seed == 1) throw base::NumericalError("the loss is not finite at step 7");
    return fake_run(run);
  };
  CHECK_THROWS_WITH(run_table(failing, options_in(folder / "t")),
                    "table fake, noise 0, seed 1: the loss is not finite at step 7");
  CHECK(fs::exists(path_of_run(folder / "t", 0, 0)));
  CHECK_FALSE(fs::exists(path_of_run(folder / "t", 0, 1)));
}

TEST_CASE("a table without swept axes has a run a seed", "[bench][run]") {
  const test::TempFolder folder;
  Experiment experiment;
  experiment.spec = {.name = "plain", .title = "", .metrics = {{"mse", "MSE"}}};
  experiment.run = [](const RunContext& run) -> RunResult {
    return {.records = {{.row = "r", .metric = "mse", .value = 1.0 * static_cast<int>(run.seed)}}};
  };
  const auto table = run_table(
      experiment, {.settings = make_settings(experiment.spec, {}), .folder = folder / "t"});
  CHECK(table.records.size() == 8);
  CHECK(table.records[7].value == 7);
  CHECK(fs::exists(folder / "t/runs/7.json"));
}

TEST_CASE("progress tells noise, seed, row and how many are done", "[bench][run]") {
  std::vector<TableProgress> seen;
  run_table(fake_experiment(), fake_options(),
            {.on_progress = [&](const TableProgress& progress) { seen.push_back(progress); }});
  REQUIRE(seen.size() == 6 * 5);  // begins, three rows, done
  CHECK(seen[1].now == "noise 0, seed 0: vanilla, evaluating");
  CHECK(seen[0].done == 0);
  CHECK(seen[0].total == 6);
  CHECK(seen.back().done == 6);
}

}  // namespace noether::bench
