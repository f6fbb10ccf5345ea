#pragma once

// How the rows of tables on state-space data are trained: fields, and quantities with them.

#include <optional>

#include "bench/model/evaluation.h"
#include "bench/tables/fields/state_problem.h"
#include "learn/models/field.h"
#include "learn/noether/tailored_field.h"

namespace noether::bench {

// A quantity learned from the train data, without an oracle.
struct NeuralQuantity {
  learn::Quantity g;
  learn::Params phi;   // float32
  double seconds = 0;  // of its pre-training
};

// A row: a field with its weights.
struct TrainedField {
  learn::Field field;
  learn::Params params;
  learn::Params start = {};                   // what its training began with
  double seconds = 0;                         // of training
  std::optional<double> inner_rate = {};      // of plain SGD, where it was chosen
  std::optional<NeuralQuantity> neural = {};  // that the field conserves, where it is one
  learn::AfterStep after_step = {};           // of its predictions, where there is one
  // The states that a model elsewhere predicted, one tensor [m, d] a time: then there is no field.
  learn::Tensors predicted = {};
};

// How all of it is trained, a paragraph of a table's method.
extern const char* const training_method;

// f by Adam, 1e-3 with the problem's decay, on mean (f(x) - dx/dt)^2, by the schedule and batch of
// its budget; x is that of the problem, or the observations.
TrainedField train_vanilla(const StateProblem& problem, const learn::Tensor& x,
                           const ReportStep& report);
TrainedField train_hnn(const StateProblem& problem, const ReportStep& report);

// What rows are fine-tuned from: the weights of `plain`, or with `scratch` those that it began
// with.
learn::Params start_of(const StateProblem& problem, const TrainedField& plain);

// `field` trained on from `start`: fresh Adam, its rate falling linearly from 1e-3 to zero; with
// `scratch` in the last tenth alone.
TrainedField fine_tune(const StateProblem& problem, const learn::Field& field,
                       const learn::Params& start, const ReportStep& report);

// The field of the problem's network from its observations alone, without derivatives, and `field`
// trained on from the weights of `node`; see node_method.
TrainedField train_node(const StateProblem& problem, const ReportStep& report);
TrainedField fine_tune_node(const StateProblem& problem, const learn::Field& field,
                            const TrainedField& node, const ReportStep& report);

// A network, taught on the train data not to change along trajectories.
NeuralQuantity pretrained_quantity(const StateProblem& problem, const ReportStep& report);

// The field `projected` to conserve g, fine-tuned from `start`: g stays as it was pre-trained, or
// it is trained with the field. The seconds are those of the pre-training too.
TrainedField meta_train_frozen(const StateProblem& problem, const learn::Params& start,
                               const NeuralQuantity& pretrained, const ReportStep& report);
TrainedField meta_train_jointly(const StateProblem& problem, const learn::Params& start,
                                const NeuralQuantity& pretrained, const ReportStep& report);

// Fields that are tailored at every point: `projected` by one Gauss-Newton step on the last layer,
// which removes the rates of all components of g (StepRule::least_norm), `tailored_by_sgd` by a
// step of plain SGD on all weights. Where the task runs fields as an Euler map, `projected` takes
// three steps towards a map that conserves g.
learn::Field projected(const StateProblem& problem, const learn::Quantity& g,
                       const learn::Params& phi);
learn::Field tailored_by_sgd(const StateProblem& problem, double rate);
// `projected` to conserve the oracle, with a step that is a constant for derivatives.
learn::Field first_order_projected(const StateProblem& problem);

// evaluate_field with the field's own correction of each step, or evaluate_predictions.
Evaluation evaluate(const TrainedField& trained, const Task& task);

// The RMSE of the rehearsals, predictions of train trajectories (as they are known) from their
// starts. All are equally long.
double train_error(const StateProblem& problem, const learn::Field& field,
                   const learn::Params& params);

// The rate of `tailored_by_sgd` with the least error on the train trajectories.
double best_sgd_rate(const StateProblem& problem, const learn::Params& params,
                     const ReportStep& report);

}  // namespace noether::bench
