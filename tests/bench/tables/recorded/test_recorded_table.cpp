#include "bench/tables/recorded/recorded_problem.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <functional>

#include "base/error.h"
#include "base/sha256.h"
#include "bench/model/evaluation.h"
#include "bench/table/provenance.h"
#include "bench/table/run_table.h"
#include "learn/autodiff/ops.h"
#include "tests/bench/tables/quick_run.h"
#include "tests/support/file_bytes.h"
#include "tests/support/reference.h"
#include "tests/support/temp_folder.h"

using namespace noether;
using Catch::Contains;
using learn::Tensor;

namespace {

const bench::Experiment& damped_table() { return bench::find_table("damped-pendulum"); }
const bench::Experiment& real_table() { return bench::find_table("real-pendulum"); }

// half a minute of a swing of period 6 s that loses nothing
std::string lipson_text(int points) {
  std::string text = "%o v\n";
  for (int n = 0; n < points; ++n) {
    const double t = n / 6.0;
    text += "0 " + std::to_string(5 + t) + " " + std::to_string(std::sin(t)) + " " +
            std::to_string(std::cos(t)) + "\n";
  }
  return text;
}

bench::TableOptions quick_options(const bench::Experiment& table, dataset::Overrides overrides,
                                  std::filesystem::path data = {}) {
  overrides.insert({{"quick", "yes"}, {"seeds", "0,"}});
  return {
      .settings = bench::make_settings(table.spec, overrides), .data = std::move(data), .jobs = 1};
}

// A record with a time step of 0.1 s of those of the ticks that were measured; o counts them.
bench::Trial gapped_trial(int ticks, const std::function<bool(int)>& is_measured) {
  std::vector<double> times, states;
  for (int tick = 0; tick < ticks; ++tick) {
    if (!is_measured(tick)) continue;
    times.push_back(0.1 * tick);
    states.insert(states.end(), {1.0 * tick, std::sin(times.back())});
  }
  const auto recording = bench::make_recording("gapped", {"o", "v"}, times, states);
  return {.measured = recording,
          .truth = recording,
          .units = {"rad", "rad/s"},
          .energy = learn::formula_quantity("v^2", {"o", "v"})};
}

double value_of(const bench::TableResult& table, const std::string& row, const std::string& metric,
                std::optional<double> horizon = {}) {
  bench::Coordinates at;
  if (horizon) at["horizon"] = *horizon;
  const auto found = bench::select(table.records, {.row = row, .at = at, .metric = metric});
  REQUIRE(found.size() == 1);
  return found[0].value;
}

bench::TableResult run_damped(const dataset::Overrides& overrides) {
  return bench::run_table(damped_table(), quick_options(damped_table(), overrides), {});
}

std::string refusal(const bench::TableOptions& options) {
  try {
    bench::run_table(real_table(), options, {});
  } catch (const base::Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("the energy a trajectory loses is the fall of the line through it", "[bench][recorded]") {
  const learn::Quantity energy = learn::formula_quantity("q + 7", {"q", "p"});
  learn::Tensors states;
  for (int n = 0; n <= 10; ++n) states.push_back(Tensor::from({4.0 - 0.1 * n, 1.0}, {1, 2}));
  // from 4 to 3, whatever the constant is, and with points missing; energies of 11 fall by 1
  constexpr double rounding = 1e-13;
  CHECK(bench::energy_loss(energy, states) == Approx(0.25).epsilon(rounding));
  states[3] = states[7] = Tensor();
  CHECK(bench::energy_loss(energy, states) == Approx(0.25).epsilon(rounding));
}

TEST_CASE("the map tailored along itself conserves energy, the flow's own field does not",
          "[bench][recorded]") {
  const bench::Trial trial = bench::generate_trial(0, 0);
  const auto& [flow, map] = bench::discretisations();
  const bench::QuickRun run("damped-pendulum");
  const auto of_flow = bench::make_recorded_problem(trial, flow, run.context());
  const auto of_map = bench::make_recorded_problem(trial, map, run.context());
  const auto weights = learn::initial_weights(of_map.mlp, 0, learn::DType::f32);
  const auto loss = [&](const bench::StateProblem& tailored_as) {
    const auto field = bench::projected(tailored_as, tailored_as.oracle, {});
    const auto judged = bench::evaluate_field(field, weights, of_map.task);
    return bench::energy_loss(trial.energy, judged.predicted);
  };
  // three Newton steps in float32, 108 times; an Euler map alone gains (w dt)^2 = 4 % a step
  CHECK(std::abs(loss(of_map)) < 1e-4);
  CHECK(loss(of_flow) < -0.01);
}

TEST_CASE("a recorded problem learns from the first 80 % and predicts the rest",
          "[bench][recorded]") {
  const bench::Trial trial = bench::generate_trial(0.005, 3);
  const bench::QuickRun run("damped-pendulum");
  for (const auto& discretisation : bench::discretisations()) {
    const auto problem = bench::make_recorded_problem(trial, discretisation, run.context(3));
    const bench::Task& task = problem.task;
    const bool central = discretisation.differences == bench::Differences::central;
    // 454 of 568 points
    CHECK(task.x.shape() == learn::Shape{central ? 452 : 453, 2});
    CHECK(task.truth.size() == 109);
    // four pieces of 108 steps fit into 453, and laws are sought in the same points by both
    CHECK(problem.rehearsals.size() == 4);
    CHECK(problem.rehearsals[1].starts.to_vector()[0] == trial.measured.states[108 * 2]);
    CHECK(problem.trajectories.samples == 452);
    CHECK(task.starts.to_vector()[0] == trial.truth.states[454 * 2]);
    CHECK(trial.truth.states != trial.measured.states);
    // what a straight line through a noisy energy is good for
    CHECK(bench::energy_loss(trial.energy, task.truth) == Approx(0.16).margin(0.02));
  }
}

TEST_CASE("pieces of a record with gaps do not overlap", "[bench][recorded]") {
  // 30 steps each; the second begins behind the gap, at 45, and no other before it has ended
  const bench::Trial trial = gapped_trial(200, [](int tick) { return tick < 20 || tick >= 45; });
  const bench::QuickRun run("damped-pendulum", {{"rows", "meta-discovered"}, {"horizon", "1,3"}});
  const auto problem =
      bench::make_recorded_problem(trial, bench::discretisations()[0], run.context());
  std::vector<double> begins;
  for (const auto& piece : problem.rehearsals) begins.push_back(piece.starts.to_vector()[0]);
  CHECK(begins == std::vector<double>{0, 45, 75, 105});
}

TEST_CASE("a train part too short to choose formulas by is refused where they are asked for",
          "[bench][recorded]") {
  // the last four points reach further than the sixteen before
  const bench::Trial trial = gapped_trial(51, [](int tick) { return tick < 19 || tick == 50; });
  const auto& [flow, map] = bench::discretisations();
  const auto make = [&](const bench::Discretisation& discretisation, const std::string& row) {
    const bench::QuickRun run("damped-pendulum", {{"rows", row}, {"horizon", "1,3"}});
    return bench::make_recorded_problem(trial, discretisation, run.context());
  };
  CHECK_THROWS_WITH(make(flow, "meta-discovered"),
                    "'gapped' is too short: from its first 80 %, 16 points, formulas are chosen by "
                    "predicting 3 s, 30 steps of 0.1");
  CHECK_THROWS_AS(make(map, "euler-meta-discovered"), base::DataError);
  CHECK(make(flow, "control").rehearsals.empty());
}

TEST_CASE("a table that needs a file says which, and others take none", "[bench][recorded]") {
  CHECK_THAT(refusal(quick_options(real_table(), {})),
             Contains("real-pendulum needs --data FILE: the text file of"));
  const test::TempFolder folder;
  test::write_bytes(folder / "a.txt", lipson_text(180));
  CHECK_THROWS_AS(
      bench::run_table(damped_table(), quick_options(damped_table(), {}, folder / "a.txt"), {}),
      base::UsageError);
  // it adds no noise to what was measured
  CHECK_THROWS_WITH(bench::make_settings(real_table().spec, {{"noise", "0.1"}}),
                    Contains("real-pendulum: unknown setting 'noise'"));
}

TEST_CASE("data that cannot serve are refused before anything is made", "[bench][recorded]") {
  const test::TempFolder folder;
  const auto refused = [&](const std::string& text) {
    test::write_bytes(folder / "a.txt", text);
    auto options = quick_options(real_table(), {}, folder / "a.txt");
    options.folder = folder / "table";
    const std::string message = refusal(options);
    CHECK_FALSE(std::filesystem::exists(folder / "table"));
    return message;
  };
  CHECK_THAT(refused(lipson_text(180)), Contains("is too short: its last 20 %, 36 points"));
  CHECK_THAT(refused("%a b\n0 1 2 3\n0 2 3 4\n"), Contains("o and v were expected"));
  CHECK_THAT(refused("not a table"), Contains("line 1"));
  CHECK_THAT(refusal(quick_options(real_table(), {}, folder / "none.txt")), Contains("none.txt"));
}

TEST_CASE("the provenance of a table states the SHA-256 of its data", "[bench][recorded]") {
  const test::TempFolder folder;
  test::write_bytes(folder / "a.txt", lipson_text(10));
  const auto options = quick_options(real_table(), {}, folder / "a.txt");
  const auto json = bench::provenance_json(real_table().spec, options);
  CHECK_THAT(json, Contains(base::sha256_hex(lipson_text(10))) && Contains("--data FILE"));
  CHECK_THAT(json, !Contains("a.txt"));
}

TEST_CASE("a learned strength leaves its start on data that lose energy",
          "[bench][recorded][slow]") {
  const auto table = run_damped({{"rows", "record,meta-strength,euler-meta-strength"}});
  for (const std::string row : {"meta-strength", "euler-meta-strength"}) {
    const double strength = value_of(table, row, "strength");
    CHECK(std::abs(strength - bench::initial_strength) > 0.02);
    CHECK(strength < 1);
    CHECK(value_of(table, row, "energy_loss") > 0.02);
  }
  CHECK(value_of(table, "record", "energy_loss") == Approx(0.16).margin(0.02));
}

TEST_CASE("a formula found in the record is conserved by the row that takes it",
          "[bench][recorded][slow]") {
  const auto table = run_damped({{"rows", "meta-discovered,euler-meta-discovered"}});
  for (const std::string row : {"meta-discovered", "euler-meta-discovered"}) {
    CHECK(value_of(table, row, "formulas_kept") >= 1);
    // rms sine of the angle to grad H: unrelated formulas have 0.7
    CHECK(value_of(table, row, "angle") < 0.1);
    // against 0.16 of the record
    CHECK(std::abs(value_of(table, row, "energy_loss")) < 0.05);
  }
}

TEST_CASE("a record too noisy for any formula has all rows but those that conserve one",
          "[bench][recorded][slow]") {
  const auto table = run_damped({{"rows", "control,meta-discovered"}, {"noise", "2"}});
  CHECK(value_of(table, "control", "step_mse") > 0);
  CHECK(value_of(table, "meta-discovered", "formulas_kept") == 0);
  CHECK(bench::select(table.records, {.row = "meta-discovered", .metric = "mse"}).empty());
  CHECK(bench::omissions(damped_table().spec, table.records) ==
        std::vector<std::string>{
            "noise 2, seed 0: row meta-discovered, because no formula in the data "
            "varies 100 times less than by chance"});
}

TEST_CASE("the table of the recorded pendulum shows what full conservation costs",
          "[bench][recorded][reference]") {
  const auto file = test::reference_file("real_pend_h_1.txt");
  const auto table = bench::run_table(
      real_table(),
      quick_options(real_table(),
                    {{"rows", "record,control,meta-oracle,euler-control,euler-meta-oracle"}}, file),
      {});
  // as for the generated record
  CHECK(value_of(table, "record", "energy_loss") == Approx(0.19).margin(0.02));
  for (const std::string prefix : {"", "euler-"}) {
    // what was learned loses energy as the record does; what conserves does not
    CHECK(value_of(table, prefix + "control", "energy_loss") > 0.05);
    CHECK(std::abs(value_of(table, prefix + "meta-oracle", "energy_loss")) < 1e-3);
    CHECK(value_of(table, prefix + "meta-oracle", "mse", 18) < 0.2);
  }
  // the same weights are another model under the other stepper
  CHECK(value_of(table, "control", "mse_swapped") > 10 * value_of(table, "control", "mse", 18));
}
