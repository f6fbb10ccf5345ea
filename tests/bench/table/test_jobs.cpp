#include <algorithm>
#include <catch2/catch.hpp>
#include <mutex>
#include <vector>

#include "bench/table/run_table.h"
#include "tests/bench/table/fake_experiment.h"

namespace noether::bench {

TEST_CASE("threads that no run needs serve within each", "[bench][run]") {
  const auto jobs_within = [](int jobs, const std::vector<std::uint64_t>& seeds) {
    std::mutex mutex;
    std::vector<int> seen;
    Experiment listening = fake_experiment();
    listening.run = [&](const RunContext& run) {
      const std::lock_guard lock(mutex);
      seen.push_back(run.jobs);
      return fake_run(run);
    };
    TableOptions options = fake_options();
    options.settings.seeds = seeds;
    options.settings.axes["noise"] = {0};
    options.jobs = jobs;
    run_table(listening, options);
    CHECK(seen.size() == seeds.size());
    CHECK(std::ranges::count(seen, seen.at(0)) == std::ssize(seen));
    return seen.at(0);
  };
  CHECK(jobs_within(1, {0}) == 1);
  CHECK(jobs_within(2, {0}) == 2);
  CHECK(jobs_within(8, {0, 1, 2}) == 2);
  CHECK(jobs_within(2, {0, 1, 2}) == 1);
}

}  // namespace noether::bench
