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

// The model as it is and, unless the setting is inductive, the model tailored. It is tailored by
// `tailoring`; a meta-tailored model by its own tailoring if none is given. Transductive: to all
// test starts of the task together.
//
// The rows of the first are "vanilla", "hnn", or "untailored" for the plain field of a
// meta-tailored model. The rows of the second are "transductive"; "tailored", "tailored-sgd" (rules
// with a rate by their name); "meta-oracle" (energy), "meta-formula", "meta-neural", "meta-sgd".
// Throws UsageError where model and setting do not go together.
std::vector<Candidate> candidates(const Checkpoint& checkpoint,
                                  const std::optional<Tailoring>& tailoring, learn::Setting setting,
                                  const Task& task);

// The field that the weights of a checkpoint were trained for. Where g is a network, these are its
// weights and the model's together.
learn::Field trained_field(const Checkpoint& checkpoint);

// The weights of its model alone.
learn::Params model_weights(const Checkpoint& checkpoint);

}  // namespace noether::bench
