#include "bench/tables/discovered_row.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "bench/discovery/discovery.h"
#include "bench/tables/quantity_quality.h"

namespace noether::bench {
namespace {

namespace symbolic = learn::symbolic;

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

// The kept formulas with their numbers, best first when the vanilla field is tailored with them.
std::vector<Scored> ranked_by_tailoring(const StateProblem& problem, const TrainedField& vanilla,
                                        const std::vector<symbolic::Law>& laws) {
  std::vector<Scored> ranked;
  for (std::size_t i = 0; i < laws.size(); ++i) {
    problem.report(fmt::format("meta-discovered, formula {} of {}", i + 1, laws.size()));
    const auto field = projected(problem, learn::formula_quantity(numbered(laws[i])), {});
    ranked.push_back(
        {laws[i], field, finite_or_worst(train_error(problem, field, vanilla.params))});
  }
  std::ranges::stable_sort(ranked, better);
  return ranked;
}

}  // namespace

Discovered meta_train_discovered(const StateProblem& problem, const TrainedField& vanilla,
                                 const learn::Params& start) {
  const auto begin = std::chrono::steady_clock::now();
  problem.report("meta-discovered, searching formulas");
  const std::vector<symbolic::Law> laws = laws_of(problem.task, problem.trajectories);
  const auto ranked = ranked_by_tailoring(problem, vanilla, laws);
  const auto tried = std::min(ranked.size(), static_cast<std::size_t>(problem.budget.formulas));
  Discovered result{.kept = static_cast<int>(laws.size()), .tried = static_cast<int>(tried)};
  double least = HUGE_VAL;
  for (std::size_t i = 0; i < tried; ++i) {
    const auto& [law, field, untrained_error] = ranked[i];
    const std::string row = fmt::format("meta-discovered, {} of {}", i + 1, tried);
    const TrainedField trained = fine_tune(problem, row, field, start);
    const double error = finite_or_worst(train_error(problem, field, trained.params));
    if (error >= least) continue;
    least = error;
    result.best = {trained, numbered(law), law.parameters};
  }
  if (result.best) {
    result.best->trained.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  }
  return result;
}

void add_formula(RunResult& result, const StateProblem& problem, const std::string& row,
                 const Discovered& discovered) {
  const auto add = [&](const std::string& metric, double value) {
    result.records.push_back({.row = row, .metric = metric, .value = value});
  };
  add(formulas_kept, discovered.kept);
  add("formulas_tried", discovered.tried);
  if (!discovered.best) return;
  const auto& [trained, formula, parameters] = *discovered.best;
  const QuantityQuality quality = compare_quantities(learn::formula_quantity(formula), {},
                                                     problem.oracle, {}, problem.task.test_x);
  add("pearson", quality.pearson);
  add("spearman", quality.spearman);
  add("angle", quality.angle);
  for (std::size_t i = 0; i < parameters.size(); ++i) add(fmt::format("c{}", i), parameters[i]);
}

}  // namespace noether::bench
