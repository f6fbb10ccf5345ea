#include "bench/table/run_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <mutex>

#include "base/error.h"
#include "base/interrupt.h"
#include "base/parallel.h"
#include "bench/table/run_store.h"
#include "bench/table/table_grid.h"

namespace noether::bench {
namespace {

namespace fs = std::filesystem;

// A run of the table, and what an earlier call kept of it.
struct PlannedRun {
  RunContext context;
  KeptRun kept = {};
};

void check_data(const TableSpec& spec, const TableOptions& options) {
  if (spec.data.empty() && !options.data.empty())
    throw base::UsageError(fmt::format("table {} makes its own data: leave out --data", spec.name));
  if (!spec.data.empty() && options.data.empty())
    throw base::UsageError(fmt::format("table {} needs --data FILE: {}", spec.name, spec.data));
}

// "train_size 400, seed 3"
std::string name_of(const TableSpec& spec, const RunContext& run) {
  const std::string place = place_text(spec, run.at);
  return fmt::format("{}{}seed {}", place, place.empty() ? "" : ", ", run.seed);
}

// Tells the caller what the workers do, one at a time.
class Reporter {
 public:
  Reporter(std::int64_t total, const std::function<void(const TableProgress&)>& on_progress)
      : progress_{.done = 0, .total = total, .now = ""}, on_progress_(on_progress) {}

  void at(const std::string& run, std::string_view what) {
    base::check_interrupt();
    const std::lock_guard lock(mutex_);
    progress_.now = fmt::format("{}: {}", run, what);
    tell();
  }
  void finished() {
    const std::lock_guard lock(mutex_);
    ++progress_.done;
    tell();
  }

 private:
  void tell() const {
    if (on_progress_) on_progress_(progress_);
  }

  std::mutex mutex_;
  TableProgress progress_;
  const std::function<void(const TableProgress&)>& on_progress_;
};

void stamp(std::vector<Record>& records, const std::string& table, const RunContext& run) {
  for (Record& record : records) {
    record.table = table;
    record.at.insert(run.at.begin(), run.at.end());
    record.seed = run.seed;
  }
}

// All runs in order.
std::vector<RunContext> runs_of(const TableSpec& spec, const TableOptions& options) {
  std::vector<RunContext> runs;
  for (const Coordinates& place : swept_places(spec, options.settings)) {
    for (const std::uint64_t seed : options.settings.seeds)
      runs.push_back({options.settings, options.data, place, seed, [](std::string_view) {}});
  }
  return runs;
}

// The same with what the store holds of them.
std::vector<PlannedRun> plan_runs(const TableSpec& spec, const TableOptions& options) {
  std::vector<PlannedRun> plan;
  for (const RunContext& run : runs_of(spec, options)) {
    plan.push_back({run});
    if (options.folder.empty()) continue;
    plan.back().kept =
        read_run(run_path(options.folder, spec, run.at, run.seed), run_key(spec, run));
  }
  return plan;
}

RunResult compute(const Experiment& experiment, const TableOptions& options, RunContext run,
                  int jobs, Reporter& reporter) {
  const TableSpec& spec = experiment.spec;
  const std::string name = name_of(spec, run);
  reporter.at(name, "begins");
  run.report = [&](std::string_view what) { reporter.at(name, what); };
  run.jobs = jobs;
  const fs::path kept =
      options.folder.empty() ? "" : run_path(options.folder, spec, run.at, run.seed);
  if (!kept.empty()) {
    run.data_folder = options.folder / "data";
    run.picture = options.folder / "pictures" / kept.filename().replace_extension(".png");
  }
  RunResult result = base::with_context(fmt::format("table {}, {}", spec.name, name),
                                        [&] { return experiment.run(run); });
  stamp(result.records, spec.name, run);
  stamp(result.curves, spec.name, run);
  // the worker itself keeps it, so that it does not wait for an earlier run that is slower
  if (!kept.empty()) write_run(kept, run_key(spec, run), result, axis_names(spec));
  reporter.finished();
  return result;
}

}  // namespace

void append(RunResult& all, RunResult more) {
  std::ranges::move(more.records, std::back_inserter(all.records));
  std::ranges::move(more.curves, std::back_inserter(all.curves));
}

TableResult run_table(const Experiment& experiment, const TableOptions& options,
                      const TableListener& listener) {
  const TableSpec& spec = experiment.spec;
  check_data(spec, options);
  if (experiment.check) experiment.check(runs_of(spec, options).front());
  TableResult table;
  if (!options.folder.empty())
    table.lock = prepare_folder(options.folder, options.resume, options.overwrite);
  const std::vector<PlannedRun> plan = plan_runs(spec, options);
  for (const auto& [run, kept] : plan) {
    if (kept.result) ++table.kept;
    if (kept.is_damaged && listener.on_damaged)
      listener.on_damaged(run_path(options.folder, spec, run.at, run.seed));
  }
  table.computed = std::ssize(plan) - table.kept;
  Reporter reporter(table.computed, listener.on_progress);
  // threads that no run needs serve within each
  const int within = std::max(1, base::thread_count(options.jobs) /
                                     static_cast<int>(std::max<std::int64_t>(1, table.computed)));
  RunResult all;
  base::ordered_pipeline(
      0, std::ssize(plan), options.jobs,
      [&](std::int64_t i) {
        const auto& [run, kept] = plan[static_cast<std::size_t>(i)];
        return kept.result ? *kept.result : compute(experiment, options, run, within, reporter);
      },
      [&](std::int64_t, RunResult result) { append(all, std::move(result)); });
  table.records = std::move(all.records);
  table.curves = std::move(all.curves);
  return table;
}

}  // namespace noether::bench
