#include <atomic>
#include <catch2/catch.hpp>

#include "base/error.h"
#include "bench/table/run_table.h"
#include "tests/bench/table/fake_experiment.h"
#include "tests/support/file_bytes.h"
#include "tests/support/temp_folder.h"

namespace noether::bench {
namespace {

namespace fs = std::filesystem;

// The fake experiment, counting the runs that are given that folder for their data.
Experiment told(const fs::path& data_folder, std::atomic<int>& runs) {
  Experiment experiment = fake_experiment();
  experiment.run = [&runs, data_folder](const RunContext& run) {
    runs += run.data_folder == data_folder ? 1 : 0;
    return fake_run(run);
  };
  return experiment;
}

// What a killed command may leave of data beside those that it finished.
void write_data(const fs::path& data_folder) {
  fs::create_directory(data_folder);
  for (const std::string end :
       {"", ".partial", ".partial.new", ".lock", ".assembling", ".unfinished", ".resuming"})
    test::write_bytes(data_folder / ("pixel-pendulum-0.h5" + end), "");
}

}  // namespace

TEST_CASE("a run may keep its data in the folder of the table, and nowhere without one",
          "[bench][run]") {
  const test::TempFolder folder;
  std::atomic<int> runs = 0;
  TableOptions options = fake_options();
  run_table(told("", runs), options);
  CHECK(runs == 6);
  options.folder = folder / "t";
  run_table(told(folder / "t/data", runs), options);
  CHECK(runs == 12);
}

TEST_CASE("a run may draw a picture of its own, which overwrite removes", "[bench][run]") {
  const test::TempFolder folder;
  std::atomic<int> drawn = 0;
  Experiment experiment = fake_experiment();
  experiment.run = [&drawn](const RunContext& run) {
    if (!run.picture.empty()) {
      fs::create_directories(run.picture.parent_path());
      test::write_bytes(run.picture, "");
      ++drawn;
    }
    return fake_run(run);
  };
  TableOptions options = fake_options();
  run_table(experiment, options);
  CHECK(drawn == 0);
  options.folder = folder / "t";
  run_table(experiment, options);
  CHECK(drawn == 6);
  for (const auto& run : fs::directory_iterator(folder / "t/runs")) {
    const auto name = run.path().filename().replace_extension(".png");
    CHECK(fs::exists(folder / "t/pictures" / name));
  }
  options.overwrite = true;
  run_table(fake_experiment(), options);
  CHECK_FALSE(fs::exists(folder / "t/pictures"));
}

TEST_CASE("resume leaves the data of a table, overwrite removes them", "[bench][run]") {
  const test::TempFolder folder;
  TableOptions options = fake_options();
  options.folder = folder / "t";
  run_table(fake_experiment(), options);
  write_data(folder / "t/data");
  options.resume = true;
  run_table(fake_experiment(), options);
  CHECK(fs::exists(folder / "t/data/pixel-pendulum-0.h5"));
  options.resume = false;
  options.overwrite = true;
  run_table(fake_experiment(), options);
  CHECK_FALSE(fs::exists(folder / "t/data"));

  write_data(folder / "t/data");
  test::write_bytes(folder / "t/data/thesis.tex", "years of work");
  CHECK_THROWS_WITH(run_table(fake_experiment(), options),
                    Catch::Contains("'data/thesis.tex', which no table writes"));
  CHECK(fs::exists(folder / "t/data/pixel-pendulum-0.h5"));
}

}  // namespace noether::bench
