// The quick runs of tables `depth`, `spiral` and `smoothness`: all that they promise is in their
// records.

#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/bench/tables/quick_run.h"

namespace noether::bench {
namespace {

std::vector<double> values_of(const RunResult& result, const std::string& row,
                              const std::string& metric) {
  std::vector<double> values;
  for (const Record& record : result.records) {
    if (record.row == row && record.metric == metric) values.push_back(record.value);
  }
  return values;
}

RunResult quick_result(const std::string& table) {
  return find_table(table).run(QuickRun(table).context());
}

}  // namespace

TEST_CASE("both gradients lead a neural ODE to the same weights, up to tolerances",
          "[bench][depth]") {
  const RunResult result = quick_result("depth");
  const auto through = values_of(result, "neural-ode", "pair_rmse"),
             adjoint = values_of(result, "neural-ode-adjoint", "pair_rmse");
  REQUIRE(through.size() == 1);
  REQUIRE(adjoint.size() == 1);
  CHECK(adjoint[0] != through[0]);
  // gradients differ by 1e-4, over 100 steps
  CHECK(adjoint[0] == Approx(through[0]).epsilon(0.05));
  CHECK(values_of(result, "resnet", "evaluations") == std::vector<double>{1});
  CHECK(values_of(result, "neural-ode", "evaluations").at(0) > 1);
}

TEST_CASE("the cubic spiral is judged every twenty steps, and the best counts", "[bench][depth]") {
  const RunResult result = quick_result("spiral");
  std::vector<double> errors;
  for (const Record& record : result.curves) {
    if (record.row == "neural-ode") errors.push_back(record.value);
  }
  REQUIRE(errors.size() == 3);
  CHECK(values_of(result, "neural-ode", "best") == std::vector<double>{std::ranges::min(errors)});
  CHECK(values_of(result, "neural-ode", "last") == std::vector<double>{errors.back()});
}

TEST_CASE("a fit counts after the steps that validation chooses", "[bench][depth]") {
  const RunResult result = quick_result("smoothness");
  for (const std::string row : {"resnet", "resnet-shared", "neural-ode"}) {
    std::vector<double> valid, bends;
    for (const Record& record : result.curves) {
      if (record.row != row) continue;
      (record.metric == "bend_at" ? bends : valid).push_back(record.value);
    }
    REQUIRE(valid.size() == 4);
    const auto best = std::ranges::min_element(valid) - valid.begin();
    CHECK(values_of(result, row, "valid_rmse") == std::vector<double>{std::ranges::min(valid)});
    CHECK(values_of(result, row, "steps") ==
          std::vector<double>{50.0 * static_cast<double>(best + 1)});
    CHECK(values_of(result, row, "bend") ==
          std::vector<double>{bends[static_cast<std::size_t>(best)]});
    CHECK(values_of(result, row, "last_bend") == std::vector<double>{bends.back()});
  }
}

}  // namespace noether::bench
