// The search for laws, judged by the truth: on which share of the seeds true laws are found, and
// how many false ones are claimed.

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "base/text.h"
#include "bench/data/generated_dataset.h"
#include "bench/discovery/claims.h"
#include "bench/table/experiment.h"
#include "dataset/make/setting.h"

namespace noether::bench {
namespace {

// Those of up to six coordinates, and two bodies; a search of more takes minutes.
const std::vector<std::string> systems{"spring",
                                       "pendulum",
                                       "damped-pendulum",
                                       "two-body",
                                       "light-ray",
                                       "double-pendulum",
                                       "kepler",
                                       "henon-heiles",
                                       "duffing",
                                       "oscillator-2d",
                                       "rigid-body",
                                       "charged-particle",
                                       "lotka-volterra",
                                       "matching-pennies",
                                       "rock-paper-scissors",
                                       "van-der-pol",
                                       "lorenz"};

RunResult judged_system(const std::string& name, const RunContext& run) {
  const sim::System& system = sim::find_system(name);
  const double noise = system.noise_std * run.at.at("noise_level");
  const auto file = generated_dataset(name, {{"noise_std", base::format_double(noise)}}, run.seed);
  const auto start = std::chrono::steady_clock::now();
  const Discovery found =
      discover(load_task(file, {.denoise = true, .dtype = learn::DType::f64}),
               {.max_nodes = static_cast<int>(run.settings.config.integer("max_nodes")),
                .resamples = 0,
                .jobs = run.jobs},
               [&](std::int64_t, std::int64_t, std::string_view what) {
                 run.report(fmt::format("{}, {}", name, what));
               });
  const JudgedClaims judgement = judged(found, system);
  const auto record = [&](const std::string& metric, double value) {
    return Record{.row = name, .metric = metric, .value = value};
  };
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  RunResult result{.records = {record("false_laws", judgement.false_claims),
                               record("claims", judgement.claims),
                               record("seconds", seconds.count())}};
  double others = 0, found_others = 0;
  for (const TrueLaw& law : judgement.laws) {
    const bool has_column = law.name == "energy" || law.name == "angular_momentum";
    if (has_column) result.records.push_back(record("found_" + law.name, law.found ? 1 : 0));
    others += has_column ? 0 : 1;
    found_others += !has_column && law.found ? 1 : 0;
  }
  if (others > 0) result.records.push_back(record("found_others", found_others / others));
  return result;
}

RunResult judged_systems(const RunContext& run) {
  RunResult result;
  for (const std::string& name : systems) {
    if (!run.settings.wants(name)) continue;
    base::with_context(name, [&] { append(result, judged_system(name, run)); });
  }
  return result;
}

std::vector<RowSpec> rows() {
  std::vector<RowSpec> rows;
  for (const std::string& name : systems) rows.push_back({name, sim::find_system(name).title});
  return rows;
}

}  // namespace

Experiment discovery_table() {
  TableSpec spec{
      .name = "discovery",
      .title = "The search for laws in noisy data: true laws found, false laws claimed",
      .axes = {{.name = "noise_level",
                .description = "standard deviations of the noise, over those of each dataset",
                .max = 1e3,
                .values = {1, 2},
                .quick_values = {1},
                .is_swept = true}},
      .rows = rows(),
      .metrics = {{.name = "false_laws",
                   .title = "false laws",
                   .meaning =
                       "formulas called conserved, or independent laws, whose rms sine along the "
                       "noise-free test motion is above 1e-3."},
                  {.name = "found_energy",
                   .title = "energy found",
                   .better = Better::higher,
                   .meaning =
                       "1 where its gradient is in the span of the gradients of what was claimed, "
                       "else 0; the mean is the share of seeds."},
                  {.name = "found_angular_momentum",
                   .title = "angular momentum found",
                   .better = Better::higher,
                   .meaning = "the same of that invariant."},
                  {.name = "found_others",
                   .title = "others found",
                   .better = Better::higher,
                   .meaning = "the share of the other invariants that are found so."},
                  {.name = "claims", .title = "claims", .meaning = "how many are judged."},
                  {.name = "seconds", .title = "seconds", .unit = "s", .is_time = true}},
      .settings = {dataset::integer_setting(
          "max_nodes", 0, 0, 20,
          "size of the longest formulas; 0: as many nodes as `discover` takes")},
      .method =
          {R"(Data: `noether generate NAME --seed SEED`, with the default noise of the dataset times the noise
level. Searched as by `noether discover`: all formulas, and the library of functions. Judged on the
test trajectories, without noise. The damped pendulum, `van-der-pol` and `lorenz` have no law. In the data of `two-body` momentum is the same
number everywhere, so it is no law.)"},
      .seed_decides = "the data",
      .float_type = "float64",
      .seeds = 50,
      .quick_seeds = 1};
  return {.spec = spec, .run = judged_systems};
}

}  // namespace noether::bench
