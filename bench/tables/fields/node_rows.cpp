#include "bench/tables/fields/node_rows.h"

namespace noether::bench {
namespace {

using Fields = std::span<const TrainedField>;

FieldRow node_row() {
  return {
      {.name = "node",
       .description = "neural ODE: the network of vanilla, from trajectories without derivatives",
       .by_default = false},
      [](const StateProblem& problem, Fields, const ReportStep& report) -> FieldOutcome {
        return {.made = train_node(problem, report)};
      }};
}

FieldRow node_control_row() {
  return {{.name = "node-control",
           .description = "node and the extra training of node-tailored, without tailoring",
           .needs = {"node"},
           .by_default = false},
          [](const StateProblem& problem, Fields node, const ReportStep& report) -> FieldOutcome {
            return {.made = fine_tune_node(problem, node[0].field, node[0], report)};
          }};
}

FieldRow node_projected_row() {
  return {{.name = "node-projected",
           .description = "node-control; at test time the step of tailored",
           .needs = {"node-control"},
           .by_default = false},
          [](const StateProblem& problem, Fields control, const ReportStep&) -> FieldOutcome {
            return {.made = TrainedField{.field = projected(problem, problem.oracle, {}),
                                         .params = control[0].params}};
          }};
}

FieldRow node_tailored_row() {
  return {{.name = "node-tailored",
           .description = "the step of tailored inside the extra training too",
           .needs = {"node"},
           .by_default = false},
          [](const StateProblem& problem, Fields node, const ReportStep& report) -> FieldOutcome {
            const learn::Field conserving = projected(problem, problem.oracle, {});
            return {.made = fine_tune_node(problem, conserving, node[0], report)};
          }};
}

}  // namespace

const char* const node_method =
    R"(The `node` rows know no derivative. They minimise the mean squared error of predictions of
segments, from their first points: 5 points each, 50 segments a step, by Runge-Kutta at the time step of
the data. `node` has 1,500 steps of Adam, whose rate falls linearly from 3e-3 to 0, without weight decay;
`node-control` and `node-tailored` have 500 more with a fresh Adam, from 1e-3; gradients longer than
.01 are shortened. With noise segments have
10 points of the observations, and each point a correction for where a segment begins, which is learned
with the weights. These rows are made only by name or with `--rows all`.)";

std::vector<FieldRow> node_rows() {
  return {node_row(), node_control_row(), node_projected_row(), node_tailored_row()};
}

std::vector<Comparison> node_rivals() {
  return {{"node-projected", "node-control"},
          {"node-tailored", "node-control"},
          {"node-tailored", "node-projected"},
          {"node", "vanilla"}};
}

}  // namespace noether::bench
