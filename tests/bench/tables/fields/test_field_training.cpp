#include "bench/tables/fields/field_training.h"

#include <catch2/catch.hpp>

#include "base/text.h"
#include "bench/tables/recorded/recorded_problem.h"
#include "learn/models/vanilla.h"
#include "learn/train/rows.h"
#include "learn/train/trainer.h"
#include "tests/bench/tables/quick_run.h"

namespace noether::bench {
namespace {

dataset::Overrides decaying(double weight_decay, bool scratch) {
  return {{"scratch", scratch ? "yes" : "no"}, {"weight_decay", base::format_double(weight_decay)}};
}

// Four extra steps of a small network: the first step of Adam knows little but signs.
StateProblem shortened(StateProblem problem) {
  problem.mlp.widths = {2, 20, 2};
  problem.budget.steps = 5;  // with scratch, the last is left out
  problem.budget.fine_tune_steps = 4;
  return problem;
}

learn::Params initial_weights_of(const StateProblem& problem) {
  return learn::initial_weights(problem.mlp, problem.seed, learn::DType::f32);
}

std::vector<double> values_of(const learn::Params& params) {
  std::vector<double> result;
  for (const auto& [name, tensor] : params) {
    const auto values = tensor.to_vector();
    result.insert(result.end(), values.begin(), values.end());
  }
  return result;
}

// The weights of `control` after the extra steps.
std::vector<double> extra_steps(const StateProblem& problem) {
  return values_of(
      fine_tune(problem, mlp_field(problem.mlp), initial_weights_of(problem), silent).params);
}

// The same without the table: Adam with this decay on the loss over all rows.
std::vector<double> trained_by_hand(const StateProblem& problem, double weight_decay,
                                    learn::Schedule schedule) {
  const learn::Training training{.steps = 4,
                                 .adam = {.learning_rate = 1e-3, .weight_decay = weight_decay},
                                 .schedule = schedule};
  const auto loss =
      learn::field_loss_over_rows(mlp_field(problem.mlp), problem.task.x, problem.task.dx_dt);
  const auto start = learn::initial_training_state(initial_weights_of(problem));
  return values_of(learn::train(training, start, loss, {}).params);
}

}  // namespace

TEST_CASE("a budget is that many steps of minibatches, and a tenth of them afterwards",
          "[bench][train]") {
  const QuickRun run("pendulum-budgets");
  RunContext context = run.context();
  context.at["steps"] = 10'000;
  const StateProblem longer = make_state_problem("pendulum", context);
  CHECK(longer.budget.steps == 10'000);
  CHECK(longer.budget.fine_tune_steps == 1000);
  CHECK(longer.budget.batch == 225);
  CHECK(longer.budget.schedule == learn::Schedule::cosine);
  CHECK(longer.weight_decay == 0);
  const QuickRun protocol("pendulum");
  const StateProblem published = make_state_problem("pendulum", protocol.context());
  CHECK(published.budget.batch == 0);
  CHECK(published.budget.schedule == learn::Schedule::constant);
  CHECK(published.weight_decay == 1e-4);
}

TEST_CASE("the extra steps of a table have its weight decay", "[bench][state]") {
  for (const bool scratch : {false, true}) {
    INFO((scratch ? "from the initial weights" : "from the vanilla weights"));
    const auto schedule = scratch ? learn::Schedule::cooldown : learn::Schedule::linear;
    const auto problem = [&](double weight_decay) {
      const QuickRun run("spring", decaying(weight_decay, scratch));
      return shortened(make_state_problem("spring", run.context()));
    };
    const auto without = extra_steps(problem(0)), with = extra_steps(problem(0.1));
    CHECK(without.size() == 40 + 20 + 40);
    CHECK(without == trained_by_hand(problem(0), 0, schedule));
    CHECK(with == trained_by_hand(problem(0.1), 0.1, schedule));
    CHECK(with != without);
  }
}

TEST_CASE("the extra steps of a recorded table have its weight decay", "[bench][recorded]") {
  const auto problem = [trial = generate_trial(0, 0)](double weight_decay) {
    const QuickRun run("damped-pendulum", decaying(weight_decay, false));
    return shortened(make_recorded_problem(trial, discretisations()[0], run.context()));
  };
  const auto without = extra_steps(problem(0)), with = extra_steps(problem(0.1));
  CHECK(without == trained_by_hand(problem(0), 0, learn::Schedule::linear));
  CHECK(with == trained_by_hand(problem(0.1), 0.1, learn::Schedule::linear));
  CHECK(with != without);
}

}  // namespace noether::bench
