#pragma once

// What the rows of one run on state-space data are made of: the data, the network, the true
// quantity, and how long everything is trained.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "bench/data/task.h"
#include "bench/table/experiment.h"
#include "learn/discovery/trajectories.h"
#include "learn/models/standardisation.h"
#include "learn/nn/mlp.h"
#include "learn/noether/pretrain.h"
#include "learn/noether/quantity.h"
#include "learn/train/trainer.h"

namespace noether::bench {

// How long everything is trained.
struct Budget {
  int steps = 2001;           // from scratch
  int fine_tune_steps = 200;  // from the vanilla weights
  int node_steps = 1500;      // of segments of trajectories, from scratch
  int node_fine_tune_steps = 500;
  int formulas = 20;  // that are meta-tailored, of those discovered
  learn::Pretraining pretraining = {};
  learn::Schedule schedule = learn::Schedule::constant;  // from scratch
  std::int64_t batch = 0;                                // points of a step; 0: all
};

// That of the published protocol, or what --quick leaves of it. A table with an axis `steps` has
// budgets of its own: that many steps of minibatches, the rate falling to zero, and a tenth of them
// from the vanilla weights.
Budget budget_of(const RunContext& run);

// The settings of every table that trains fields: `scratch` and `weight_decay`.
std::vector<dataset::SettingSpec> training_settings();

// How the derivatives of the train trajectories are known.
struct Derivatives {
  // from the noisy states alone, smoothing.h; else they are given
  bool estimated = false;
  // standard deviation of the noise on given ones, each in its own unit (a coordinate's per second)
  double noise = 0;
};

// Given ones without noise, unless the table has the axis `estimated`. Such a table has
// the setting `derivative_noise` too: the noise on given ones, in units of `noise` per second.
// Throws UsageError for a value of `estimated` other than 0 and 1.
Derivatives derivatives_of(const RunContext& run);

// What tables on systems with several laws know beside that.
struct SeveralLaws {
  std::vector<std::string> names = {};  // of the components of the oracle; none: not such a table
  // The directions in which the noise-free test states vary, [r, d] float64: the root of their
  // metric (learn/discovery/library/feature_space.h). A function of the state is determined by data
  // in these alone.
  learn::Tensor directions = {};
};

// What all rows of one run share. Everything is chosen by, and computed from, train data.
struct StateProblem {
  // Where the observations are noisy, x is denoised by the derivatives that are given, or
  // smoothed where none are.
  Task task;
  Derivatives derivatives = {};
  learn::Tensor raw_x = {};                         // the observations themselves
  learn::symbolic::Trajectories trajectories = {};  // what laws are sought in, float64
  std::vector<Task> rehearsals = {};  // predictions of train data, by which choices are made
  learn::Mlp mlp = {};                // of the field
  learn::Quantity oracle = {};        // the true conserved quantity, a component for each law
  // of a system with several laws, or with one that no short formula writes; else empty
  SeveralLaws several = {};
  // that of `task.followed`, at every point of the train trajectories, without noise; where they
  // are known
  std::vector<double> train_energies = {};
  // of imported data; all training is in standardised coordinates then
  std::optional<learn::Standardisation> units = {};
  Budget budget = {};
  std::string fingerprint = {};  // of what models elsewhere are given (bench/outside/)
  std::uint64_t seed = 0;
  bool scratch = false;  // fine-tuned rows start from the initial weights, with the full budget
  // of every training of a model, coupled: added to the gradient times the weights. The
  // pre-training of a neural quantity has none
  double weight_decay = 0;
  int jobs = 1;  // threads of a gradient
};

// The dataset `name` with its defaults (50 trajectories, half of them to train on), generated in
// memory with the seed and noise of the run.
dataset::DatasetFile dataset_of(const std::string& name, const RunContext& run);

// The problem of a file of trajectories, without an oracle. Horizons are in its units of time.
StateProblem problem_of_file(const dataset::DatasetFile& file, const std::vector<double>& horizons,
                             const RunContext& run);

// The problem of that dataset; the oracle is that of known_laws, and the network has
// as many inputs and outputs as there are coordinates. The settings are those of training_settings,
// the axes `noise` and `horizon`.
StateProblem make_state_problem(const std::string& name, const RunContext& run);

// The same with `several`.
StateProblem make_several_laws_problem(const std::string& name, const RunContext& run);

// The same problem with twice as many train trajectories: those it has, then the first that the
// dataset has beyond its train and test ones. Nothing else changes. The problem is one of
// make_state_problem.
StateProblem with_twice_the_data(StateProblem problem);

}  // namespace noether::bench
