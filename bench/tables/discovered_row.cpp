#include "bench/tables/discovered_row.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>

#include "bench/discovery/discovery.h"

namespace noether::bench {
namespace {

namespace symbolic = learn::symbolic;

constexpr const char* kept_metric = "formulas_kept";

// What the data say may be conserved.
struct Candidate {
  learn::Quantity g;
  std::vector<double> constants = {};  // of a formula
  std::size_t combinations = 0;        // that g consists of, of the independent ones
};

// A candidate, and how well a field that conserves it predicts the train trajectories.
struct Scored {
  Candidate candidate;
  learn::Field field;
  double error;
};

bool better(const Scored& a, const Scored& b) { return a.error < b.error; }

symbolic::Expression numbered(const symbolic::Law& law) {
  return symbolic::with_values(law.formula, law.parameters);
}

double finite_or_worst(double error) { return std::isfinite(error) ? error : HUGE_VAL; }

struct Best {
  TrainedField trained;
  Candidate candidate;
};

// What a search led to.
struct Discovered {
  std::size_t kept = 0;
  std::size_t tried = 0;
  std::size_t combinations = 0;
  std::optional<Best> best = {};
};

std::vector<Candidate> formulas_of(const StateProblem& problem) {
  std::vector<Candidate> formulas;
  for (const symbolic::Law& law : laws_of(problem.task, problem.trajectories))
    formulas.push_back({learn::formula_quantity(numbered(law)), law.parameters});
  return formulas;
}

// The independent laws, which are combinations of a library of functions, each by itself.
std::vector<Candidate> combinations_of(const StateProblem& problem) {
  std::vector<Candidate> combinations;
  if (problem.several.names.empty()) return combinations;
  for (const symbolic::LinearLaw& law :
       independent_laws_of(problem.task, problem.trajectories).laws)
    combinations.push_back({.g = learn::formula_quantity(law.formula), .combinations = 1});
  return combinations;
}

Candidate all_together(const std::vector<Candidate>& candidates) {
  std::vector<learn::Quantity> components;
  for (const Candidate& candidate : candidates) components.push_back(candidate.g);
  return {.g = learn::joined(components), .combinations = components.size()};
}

// The candidates, best first when the vanilla field is tailored with them.
std::vector<Scored> ranked_by_tailoring(const StateProblem& problem, const TrainedField& vanilla,
                                        const std::vector<Candidate>& candidates,
                                        const ReportStep& report) {
  std::vector<Scored> ranked;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    report(fmt::format("formula {} of {}", i + 1, candidates.size()));
    const auto field = projected(problem, candidates[i].g, {});
    ranked.push_back(
        {candidates[i], field, finite_or_worst(train_error(problem, field, vanilla.params))});
  }
  std::ranges::stable_sort(ranked, better);
  return ranked;
}

Discovered meta_train(const StateProblem& problem, const TrainedField& vanilla,
                      const ReportStep& report) {
  const auto begin = std::chrono::steady_clock::now();
  report("searching formulas");
  std::vector<Candidate> candidates = formulas_of(problem);
  const std::vector<Candidate> combinations = combinations_of(problem);
  candidates.insert(candidates.end(), combinations.begin(), combinations.end());
  const std::size_t kept = candidates.size();
  if (combinations.size() > 1) candidates.push_back(all_together(combinations));
  const auto ranked = ranked_by_tailoring(problem, vanilla, candidates, report);
  const learn::Params start = start_of(problem, vanilla);
  Discovered result{
      .kept = kept,
      .tried = std::min(ranked.size(), static_cast<std::size_t>(problem.budget.formulas)),
      .combinations = combinations.size()};
  double least = HUGE_VAL;
  for (std::size_t i = 0; i < result.tried; ++i) {
    const auto& [candidate, field, untrained_error] = ranked[i];
    const TrainedField trained = fine_tune(problem, field, start, [&](std::string_view what) {
      report(fmt::format("{} of {}, {}", i + 1, result.tried, what));
    });
    const double error = finite_or_worst(train_error(problem, field, trained.params));
    if (error >= least) continue;
    least = error;
    result.best = {trained, candidate};
  }
  if (result.best) {
    result.best->trained.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  }
  return result;
}

FieldOutcome outcome_of(const StateProblem& problem, const Discovered& discovered) {
  FieldOutcome outcome;
  std::vector<Record>& records = outcome.measured.records;
  records.push_back({.metric = kept_metric, .value = static_cast<double>(discovered.kept)});
  records.push_back({.metric = "formulas_tried", .value = static_cast<double>(discovered.tried)});
  const bool several = !problem.several.names.empty();
  if (several) {
    records.push_back(
        {.metric = "combinations_kept", .value = static_cast<double>(discovered.combinations)});
  }
  if (!discovered.best) return outcome;
  const auto& [trained, candidate] = *discovered.best;
  outcome.made = trained;
  if (several) {
    records.push_back(
        {.metric = "combinations_used", .value = static_cast<double>(candidate.combinations)});
  }
  for (Record& record : quality_records(problem, candidate.g, {}))
    records.push_back(std::move(record));
  for (std::size_t i = 0; i < candidate.constants.size(); ++i)
    records.push_back({.metric = fmt::format("c{}", i), .value = candidate.constants[i]});
  return outcome;
}

}  // namespace

FieldRow meta_discovered_row() {
  return {{"meta-discovered",
           "meta-oracle with a formula found in the train data in place of H",
           {"vanilla"}},
          [](const StateProblem& problem, std::span<const TrainedField> vanilla,
             const ReportStep& report) {
            return outcome_of(problem, meta_train(problem, vanilla[0], report));
          }};
}

std::string why_no_formula(const Record& record) {
  if (record.metric != kept_metric) return "";
  return record.value > 0
             ? "with every formula found in the data predictions leave the range of numbers"
             : "no formula in the data varies 100 times less than by chance";
}

}  // namespace noether::bench
