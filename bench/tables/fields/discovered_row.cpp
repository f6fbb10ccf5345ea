#include "bench/tables/fields/discovered_row.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <iterator>
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
  std::size_t combinations = 0;        // components of g that are independent laws
  std::size_t fixed = 0;               // components that have one value in all train trajectories
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

// The independent laws, each by itself, together, and together with what is one number everywhere.
std::vector<Candidate> combinations_of(const symbolic::IndependentLaws& found) {
  std::vector<Candidate> candidates;
  std::vector<learn::Quantity> together;
  for (const symbolic::LinearLaw& law : found.laws) {
    together.push_back(learn::formula_quantity(law.formula));
    candidates.push_back({.g = together.back(), .combinations = 1});
  }
  const std::size_t n = together.size();
  if (n > 1) candidates.push_back({.g = learn::joined(together), .combinations = n});
  for (const symbolic::Expression& fixed : found.constants)
    together.push_back(learn::formula_quantity(fixed));
  if (n > 0 && together.size() > n) {
    candidates.push_back(
        {.g = learn::joined(together), .combinations = n, .fixed = together.size() - n});
  }
  return candidates;
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
  std::size_t kept = candidates.size(), combinations = 0;
  if (!problem.several.names.empty()) {
    const auto found = independent_laws_of(problem.task, problem.trajectories);
    combinations = found.laws.size();
    kept += combinations;
    std::ranges::move(combinations_of(found), std::back_inserter(candidates));
  }
  const auto ranked = ranked_by_tailoring(problem, vanilla, candidates, report);
  const learn::Params start = start_of(problem, vanilla);
  Discovered result{
      .kept = kept,
      .tried = std::min(ranked.size(), static_cast<std::size_t>(problem.budget.formulas)),
      .combinations = combinations};
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
    records.push_back({.metric = "fixed_used", .value = static_cast<double>(candidate.fixed)});
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
