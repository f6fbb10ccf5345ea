#pragma once

// A trained model in each of the four settings.

#include <optional>
#include <string>
#include <vector>

#include "bench/data/task.h"
#include "bench/model/checkpoint.h"

namespace noether::bench {

// What an evaluation compares: a field with its weights, named as in records.
struct Candidate {
  std::string row;
  learn::Field field;
  learn::Params params;
};

// The model as it is, and where the setting is not inductive the model tailored: by `tailoring`, or
// by its own where it was meta-tailored and nothing else is given. Transductive: to the test starts
// of the task, all together.
//
// Rows: "vanilla", "hnn", or "untailored" (the plain field of a meta-tailored model);
// "transductive"; "tailored", "tailored-sgd" (rules with a rate by their name); "meta-oracle"
// (energy), "meta-formula", "meta-neural", "meta-sgd". Throws UsageError where model and setting do
// not go together.
std::vector<Candidate> candidates(const Checkpoint& checkpoint,
                                  const std::optional<Tailoring>& tailoring, learn::Setting setting,
                                  const Task& task);

// The field as the weights of a checkpoint (joint ones, where g is a network) are trained.
learn::Field trained_field(const Checkpoint& checkpoint);

// The weights of its model alone.
learn::Params model_weights(const Checkpoint& checkpoint);

}  // namespace noether::bench
