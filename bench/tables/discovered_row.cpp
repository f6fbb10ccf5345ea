#include "bench/tables/discovered_row.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>

#include "bench/discovery/discovery.h"
#include "bench/tables/quantity_quality.h"

namespace noether::bench {
namespace {

namespace symbolic = learn::symbolic;

constexpr const char* kept_metric = "formulas_kept";

// A formula, and how well a field that conserves it predicts the train trajectories.
struct Scored {
  symbolic::Law law;
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
  symbolic::Law law;
};

// What a search led to.
struct Discovered {
  std::size_t kept = 0;
  std::size_t tried = 0;
  std::optional<Best> best = {};
};

// The kept formulas with their numbers, best first when the vanilla field is tailored with them.
std::vector<Scored> ranked_by_tailoring(const StateProblem& problem, const TrainedField& vanilla,
                                        const std::vector<symbolic::Law>& laws,
                                        const ReportStep& report) {
  std::vector<Scored> ranked;
  for (std::size_t i = 0; i < laws.size(); ++i) {
    report(fmt::format("formula {} of {}", i + 1, laws.size()));
    const auto field = projected(problem, learn::formula_quantity(numbered(laws[i])), {});
    ranked.push_back(
        {laws[i], field, finite_or_worst(train_error(problem, field, vanilla.params))});
  }
  std::ranges::stable_sort(ranked, better);
  return ranked;
}

Discovered meta_train(const StateProblem& problem, const TrainedField& vanilla,
                      const ReportStep& report) {
  const auto begin = std::chrono::steady_clock::now();
  report("searching formulas");
  const std::vector<symbolic::Law> laws = laws_of(problem.task, problem.trajectories);
  const auto ranked = ranked_by_tailoring(problem, vanilla, laws, report);
  const learn::Params start = start_of(problem, vanilla);
  Discovered result{
      .kept = laws.size(),
      .tried = std::min(ranked.size(), static_cast<std::size_t>(problem.budget.formulas))};
  double least = HUGE_VAL;
  for (std::size_t i = 0; i < result.tried; ++i) {
    const auto& [law, field, untrained_error] = ranked[i];
    const TrainedField trained = fine_tune(problem, field, start, [&](std::string_view what) {
      report(fmt::format("{} of {}, {}", i + 1, result.tried, what));
    });
    const double error = finite_or_worst(train_error(problem, field, trained.params));
    if (error >= least) continue;
    least = error;
    result.best = {trained, law};
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
  if (!discovered.best) return outcome;
  const auto& [trained, law] = *discovered.best;
  outcome.made = trained;
  const auto quantity = learn::formula_quantity(numbered(law));
  for (Record& record :
       records_of(compare_quantities(quantity, {}, problem.oracle, {}, problem.task.test_x)))
    records.push_back(std::move(record));
  for (std::size_t i = 0; i < law.parameters.size(); ++i)
    records.push_back({.metric = fmt::format("c{}", i), .value = law.parameters[i]});
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
