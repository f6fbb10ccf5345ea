// The ablation of the inner step: rule, rate, number of steps and layers, at test time alone.

#include <fmt/format.h>

#include "base/text.h"
#include "bench/tables/state_model.h"
#include "bench/tables/state_table.h"

namespace noether::bench {

namespace {

struct Variant {
  std::string name;
  learn::InnerStep step;
};

std::vector<Variant> variants() {
  const learn::Mlp mlp{{2, 200, 200, 2}};
  std::vector<Variant> all;
  const auto add = [&](const std::string& rule, learn::InnerStep step) {
    for (const bool last : {true, false}) {
      for (const int steps : {1, 2, 5}) {
        step.steps = steps;
        step.weights = last ? last_layer(mlp) : std::vector<std::string>{};
        all.push_back({fmt::format("{}-{}-K{}", rule, last ? "last" : "all", steps), step});
      }
    }
  };
  for (const double rate : {1e-3, 1e-2, 1e-1, 1.0, 10.0}) {
    add("sgd-" + base::format_double(rate),
        {.rule = learn::StepRule::sgd, .rate = learn::Tensor::scalar(rate, learn::DType::f32)});
  }
  add("polyak", {.rule = learn::StepRule::polyak});
  add("gauss-newton", {.rule = learn::StepRule::gauss_newton});
  return all;
}

RunResult run(const TableOptions& options, double noise, std::uint64_t seed,
              const ReportStep& report) {
  const StateProblem problem = make_state_problem("pendulum", noise, seed, options, report);
  RunResult result;
  const TrainedField vanilla = train_vanilla(problem, problem.task.x);
  if (wants(options, "vanilla")) add_row(result, problem, "vanilla", vanilla);
  for (const auto& [name, step] : variants()) {
    if (!wants(options, name)) continue;
    add_row(result, problem, name,
            {tailored_field(problem.mlp, problem.oracle, {}, step), vanilla.params, 0});
  }
  return result;
}

}  // namespace

Experiment steps_table() {
  TableSpec spec;
  spec.name = "pendulum-steps";
  spec.title = "Pendulum: which inner step, tailoring the vanilla model at test time, true H";
  spec.rows = {{"vanilla", "an MLP for dx/dt, not tailored"}};
  for (const Variant& variant : variants()) {
    spec.rows.push_back(
        {variant.name,
         fmt::format("K = {} on {}", variant.step.steps,
                     variant.step.weights.empty() ? "all layers" : "the last layer")});
  }
  spec.comparisons = compare_all(spec.rows, std::vector<std::string>{"vanilla"});
  spec.horizons = {3, 10};
  spec.noises = {0};
  spec.method = {
      "The protocol of table `pendulum`; one set of vanilla weights a seed, tailored at "
      "every evaluation of the field on the squared rate of change of H along it. A row "
      "is named by its rule (with the rate of SGD), its layers and its number of steps K."};
  return {spec, run};
}

}  // namespace noether::bench
