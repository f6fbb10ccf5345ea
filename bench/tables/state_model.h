#pragma once

// How the rows of the spring and pendulum tables are trained: one problem, one noise, one seed.

#include <cstdint>
#include <string>

#include "bench/data/task.h"
#include "bench/tables/tables.h"
#include "learn/discovery/trajectories.h"
#include "learn/noether/pretrain.h"
#include "learn/noether/tailored_field.h"
#include "learn/train/trainer.h"

namespace noether::bench {

// How long everything is trained.
struct Budget {
  int steps = 2001;           // from scratch
  int fine_tune_steps = 200;  // from the vanilla weights
  int formulas = 20;          // that are meta-tailored, of those discovered
  learn::Pretraining pretraining = {};
};

// The whole, or what --quick leaves of it.
Budget budget_of(const TableOptions& options);

// What all rows of one run share. Everything is chosen by, and computed from, train data.
struct StateProblem {
  Task task;                 // x is denoised where the observations are noisy
  learn::Tensor raw_x = {};  // the observations themselves
  learn::symbolic::Trajectories trajectories = {};  // what laws are sought in, float64
  std::vector<Task> rehearsals = {};                // predictions of train data: train_error
  learn::Mlp mlp = {};                              // of the field
  learn::Quantity oracle = {};                      // the true conserved quantity
  Budget budget = {};
  std::uint64_t seed = 0;
  bool scratch = false;  // fine-tuned rows start from the initial weights, with the full budget
  double weight_decay = 0;
  int jobs = 1;  // threads of a gradient
  ReportStep report = {};
};

// A row: a field with its weights.
struct TrainedField {
  learn::Field field;
  learn::Params params;
  double seconds = 0;  // of training
};

// The dataset `name` with its defaults (50 trajectories, half of them to train on), generated with
// the seed and noise and read back; the oracle is its energy.
StateProblem make_state_problem(const std::string& name, double noise, std::uint64_t seed,
                                const TableOptions& options, const ReportStep& report);

// f by full-batch Adam, 1e-3 with the problem's decay, on mean (f(x) - dx/dt)^2.
TrainedField train_vanilla(const StateProblem& problem, const learn::Tensor& x);
TrainedField train_hnn(const StateProblem& problem);

// `field` trained on from `start`: fresh Adam, its rate falling linearly from 1e-3 to zero.
TrainedField fine_tune(const StateProblem& problem, const std::string& row,
                       const learn::Field& field, const learn::Params& start);

// The field of a neural quantity learned without an oracle, and what was learned.
struct NeuralField {
  TrainedField trained;
  learn::Quantity quantity;
  learn::Params phi;
};
NeuralField meta_train_neural(const StateProblem& problem, const learn::Params& start);

// Tailored at every point by one Gauss-Newton step on the last layer, or by a step of plain SGD on
// all weights. Where the task runs fields as an Euler map, `projected` takes three steps towards a
// map that conserves g.
learn::Field projected(const StateProblem& problem, const learn::Quantity& g,
                       const learn::Params& phi);
learn::Field tailored_by_sgd(const StateProblem& problem, double rate);

// The RMSE of the rehearsals, which are equally long: train trajectories, as they are known,
// predicted from their starts.
double train_error(const StateProblem& problem, const learn::Field& field,
                   const learn::Params& params);

// The rate of `tailored_by_sgd` with the least error on the train trajectories.
double best_sgd_rate(const StateProblem& problem, const learn::Params& params);

}  // namespace noether::bench
