#include "bench/tables/fields/rival_rows.h"

#include "base/random.h"
#include "learn/autodiff/ops.h"
#include "learn/noether/level_set.h"

namespace noether::bench {
namespace {

using Fields = std::span<const TrainedField>;

// The mean of two fields. The weights of the second are constants.
learn::Field mean_field(const TrainedField& first, const TrainedField& second) {
  return [first = first.field, second](const learn::Params& params, const learn::Tensor& x) {
    return scale(first(params, x) + second.field(second.params, x), 0.5);
  };
}

}  // namespace

FieldRow control_projected_row() {
  return {{"control-projected", "control; at test time the step of tailored", {"control"}},
          [](const StateProblem& problem, Fields control, const ReportStep&) -> FieldOutcome {
            return {.made = TrainedField{.field = projected(problem, problem.oracle, {}),
                                         .params = control[0].params}};
          }};
}

FieldRow state_projected_row() {
  return {{"state-projected",
           "vanilla; after each time step the state goes back to the level set of H of its start",
           {"vanilla"}},
          [](const StateProblem& problem, Fields vanilla, const ReportStep&) -> FieldOutcome {
            return {.made = TrainedField{.field = vanilla[0].field,
                                         .params = vanilla[0].params,
                                         .after_step = learn::onto_level_set(problem.oracle, {})}};
          }};
}

FieldRow hnn_control_row() {
  return {{"hnn-control", "hnn and the extra training of control", {"hnn"}},
          [](const StateProblem& problem, Fields hnn, const ReportStep& report) -> FieldOutcome {
            return {.made = fine_tune(problem, hnn[0].field, start_of(problem, hnn[0]), report)};
          }};
}

FieldRow twice_the_data_row() {
  return {{.name = "vanilla-2x-data",
           .description = "vanilla, of twice as many train trajectories",
           .by_default = false},
          [](const StateProblem& problem, Fields, const ReportStep& report) -> FieldOutcome {
            const StateProblem larger = with_twice_the_data(problem);
            return {.made = train_vanilla(larger, larger.task.x, report)};
          }};
}

FieldRow ensemble_row() {
  return {
      {.name = "ensemble",
       .description = "the mean of vanilla and a second one from other initial weights",
       .needs = {"vanilla"},
       .by_default = false},
      [](const StateProblem& problem, Fields vanilla, const ReportStep& report) -> FieldOutcome {
        StateProblem other = problem;
        other.seed = base::RandomStream(problem.seed, base::Purpose::ensemble, 0).bits();
        const TrainedField second = train_vanilla(other, other.task.x, report);
        TrainedField mean = vanilla[0];
        mean.field = mean_field(vanilla[0], second);
        mean.seconds = second.seconds;  // those of the first are its own row's
        return {.made = mean};
      }};
}

}  // namespace noether::bench
