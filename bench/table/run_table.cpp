#include "bench/table/run_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <mutex>
#include <set>

#include "base/error.h"
#include "base/interrupt.h"
#include "base/parallel.h"
#include "base/text.h"
#include "bench/table/run_store.h"

namespace noether::bench {
namespace {

struct Run {
  double noise = 0;
  std::uint64_t seed = 0;
  KeptRun kept = {};  // by an earlier call
};

template <class T>
void check_distinct(const std::vector<T>& values, const char* what) {
  if (values.empty()) throw base::UsageError(fmt::format("{}: there are none", what));
  if (std::set<T>(values.begin(), values.end()).size() != values.size())
    throw base::UsageError(fmt::format("{}: one is given twice", what));
}

void check_data(const TableSpec& spec, const TableOptions& options) {
  if (spec.data.empty() && !options.data.empty())
    throw base::UsageError(fmt::format("table {} makes its own data: leave out --data", spec.name));
  if (!spec.data.empty() && options.data.empty())
    throw base::UsageError(fmt::format("table {} needs --data FILE: {}", spec.name, spec.data));
}

void check_options(const TableSpec& spec, const TableOptions& options) {
  check_distinct(options.seeds, "seeds");
  check_distinct(options.noises, "noise");
  for (const double noise : options.noises) {
    if (!(noise >= 0 && std::isfinite(noise))) {
      throw base::UsageError(
          fmt::format("noise: {} is not a standard deviation, a number of at least 0", noise));
    }
  }
  if (!(options.weight_decay >= 0 && options.weight_decay <= 1)) {
    throw base::UsageError(
        fmt::format("weight decay: {} is not from 0 to 1", options.weight_decay));
  }
  std::vector<std::string> known;
  for (const RowSpec& row : spec.rows) known.push_back(row.name);
  for (const std::string& row : options.rows) {
    if (std::ranges::find(known, row) == known.end())
      throw base::UsageError(base::unknown_name("row", row, known));
  }
  check_data(spec, options);
}

// Tells the caller what the workers do, one at a time.
class Reporter {
 public:
  Reporter(std::int64_t total, const std::function<void(const TableProgress&)>& on_progress)
      : progress_{.done = 0, .total = total, .now = ""}, on_progress_(on_progress) {}

  void at(const Run& run, std::string_view what) {
    base::check_interrupt();
    const std::lock_guard lock(mutex_);
    progress_.now = fmt::format("noise {}, seed {}: {}", run.noise, run.seed, what);
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

void stamp(std::vector<Record>& records, const std::string& table, const Run& run) {
  for (Record& record : records) {
    record.table = table;
    record.noise = run.noise;
    record.seed = run.seed;
  }
}

// All runs in order, with what the store holds of them.
std::vector<Run> plan_runs(const TableSpec& spec, const TableOptions& options) {
  std::vector<Run> runs;
  for (const double noise : options.noises) {
    for (const std::uint64_t seed : options.seeds) {
      runs.push_back({noise, seed});
      if (options.folder.empty()) continue;
      runs.back().kept =
          read_run(run_path(options.folder, noise, seed), run_key(spec, options, noise, seed));
    }
  }
  return runs;
}

RunResult compute(const Experiment& experiment, const TableOptions& options, const Run& run,
                  Reporter& reporter) {
  reporter.at(run, "begins");
  const std::string context =
      fmt::format("table {}, noise {}, seed {}", experiment.spec.name, run.noise, run.seed);
  RunResult result = base::with_context(context, [&] {
    return experiment.run(options, run.noise, run.seed,
                          [&](std::string_view what) { reporter.at(run, what); });
  });
  stamp(result.records, experiment.spec.name, run);
  stamp(result.curves, experiment.spec.name, run);
  // the worker itself keeps it, so that it does not wait for an earlier run that is slower
  if (!options.folder.empty()) {
    write_run(run_path(options.folder, run.noise, run.seed),
              run_key(experiment.spec, options, run.noise, run.seed), result);
  }
  reporter.finished();
  return result;
}

void append(std::vector<Record>& all, std::vector<Record> more) {
  all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

}  // namespace

TableResult run_table(const Experiment& experiment, const TableOptions& options,
                      const TableListener& listener) {
  check_options(experiment.spec, options);
  if (experiment.check) experiment.check(options);
  TableResult table;
  if (!options.folder.empty())
    table.lock = prepare_folder(options.folder, options.resume, options.overwrite);
  const std::vector<Run> runs = plan_runs(experiment.spec, options);
  for (const Run& run : runs) {
    if (run.kept.result) ++table.kept;
    if (run.kept.is_damaged && listener.on_damaged)
      listener.on_damaged(run_path(options.folder, run.noise, run.seed));
  }
  table.computed = std::ssize(runs) - table.kept;
  Reporter reporter(table.computed, listener.on_progress);
  // threads that no run needs serve within each
  TableOptions within = options;
  within.jobs = std::max(1, base::thread_count(options.jobs) /
                                static_cast<int>(std::max<std::int64_t>(1, table.computed)));
  base::ordered_pipeline(
      0, std::ssize(runs), options.jobs,
      [&](std::int64_t i) {
        const Run& run = runs[static_cast<std::size_t>(i)];
        return run.kept.result ? *run.kept.result : compute(experiment, within, run, reporter);
      },
      [&](std::int64_t, RunResult result) {
        append(table.records, std::move(result.records));
        append(table.curves, std::move(result.curves));
      });
  return table;
}

}  // namespace noether::bench
