#pragma once

// Rows as data: what each is, which others it needs, and the function that makes it. Tables whose
// rows are made of the same kind of problem can share them.

#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "bench/table/experiment.h"

namespace noether::bench {

// What making a row gave.
template <class Made>
struct RowOutcome {
  std::optional<Made> made = {};  // nothing where the row is left out of this run
  RunResult measured = {};        // what is known of this row alone
};

// A row. It is made of the Problem of a run, and of what the rows in `needs` gave, in that order.
// If one of those was left out, this row is left out too.
template <class Problem, class Made>
struct Row {
  RowSpec spec;
  std::function<RowOutcome<Made>(const Problem&, std::span<const Made> needed, const ReportStep&)>
      make;
};

// For each of `rows`: whether it is asked for, or needed by one that is. Throws Error of code bug
// where a row needs one that is not before it.
std::vector<bool> rows_to_make(std::span<const RowSpec> rows, const TableSettings& settings);

// Names the row in the records, and appends them.
void append_row(RunResult& all, RunResult of_row, const std::string& row);

template <class Problem, class Made>
std::vector<RowSpec> specs_of(const std::vector<Row<Problem, Made>>& rows) {
  std::vector<RowSpec> specs;
  for (const auto& row : rows) specs.push_back(row.spec);
  return specs;
}

// Makes the rows of one run that are asked for, and those that they need. `judge` measures every
// row that was made and asked for. Reports and errors name the row.
template <class Problem, class Made, class Judge>
RunResult run_rows(const std::vector<Row<Problem, Made>>& rows, const Problem& problem,
                   const RunContext& run, const Judge& judge) {
  const std::vector<RowSpec> specs = specs_of(rows);
  const std::vector<bool> is_needed = rows_to_make(specs, run.settings);
  RunResult result;
  std::map<std::string, Made> made;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::string& name = specs[i].name;
    std::vector<Made> needed;
    for (const std::string& other : specs[i].needs) {
      if (const auto found = made.find(other); found != made.end()) needed.push_back(found->second);
    }
    if (!is_needed[i] || needed.size() < specs[i].needs.size()) continue;
    const ReportStep report = [&](std::string_view what) {
      run.report(name + ", " + std::string(what));
    };
    base::with_context(name, [&] {
      RowOutcome<Made> outcome = rows[i].make(problem, needed, report);
      if (run.settings.wants(name)) {
        if (outcome.made) {
          report("evaluating");
          append_row(result, judge(problem, *outcome.made), name);
        }
        append_row(result, std::move(outcome.measured), name);
      }
      if (outcome.made) made.insert_or_assign(name, *std::move(outcome.made));
    });
  }
  return result;
}

}  // namespace noether::bench
