#pragma once

// What a model is tailored to conserve, and by which inner step: as options, and in model files.

#include <cstdint>
#include <string>
#include <vector>

#include "bench/data/task.h"
#include "learn/models/model.h"
#include "learn/noether/pretrain.h"
#include "learn/noether/tailored_field.h"

namespace noether::bench {

struct Tailoring {
  std::string conserve = {};  // as asked for: "energy", "network" or a formula
  std::string formula = {};   // what that means; empty for a network
  learn::StepRule rule = learn::StepRule::gauss_newton;
  double rate = 0;  // of rules that have one
  std::int64_t steps = 1;
  bool all_layers = false;
  learn::Mlp network = {};  // g, where it is a network

  bool by_network() const { return conserve == "network"; }
};

// What `conserve` means: a formula of the coordinates, "energy" (the formula that the task's file
// has of it) or "network" (one hidden layer of 32). Throws UsageError where there is no such
// formula.
Tailoring make_tailoring(const std::string& conserve, const Task& task);

// Throws UsageError, which names `source`, if tailoring cannot move the weights of the model. It
// can if a network gives the field itself. An hnn conserves its own H already.
void check_can_tailor(const learn::FieldModel& model, const std::string& source);

learn::Quantity quantity_of(const Tailoring& tailoring,
                            const std::vector<std::string>& coordinates);
// The power of ten by which g has to be multiplied to have a gradient near 1 at x [n, d], in root
// mean square; 1 where that is within [1e-2, 1e2]. An inner step is regularised by a small number
// (learn/noether/inner_step.h) that a gradient must not be small against. Throws UsageError where
// the gradient is zero at all of x, or not finite.
double usual_scale(const learn::Quantity& g, const learn::Tensor& x);
// The tailoring with a formula of usual scale: "1e+09 (p^2 + q^2)".
Tailoring at_usual_scale(Tailoring tailoring, const std::vector<std::string>& coordinates,
                         const learn::Tensor& x);

learn::InnerStep inner_step_of(const Tailoring& tailoring, const learn::FieldModel& model,
                               learn::DType dtype);

// Throws UsageError for an inner step that cannot give each query weights of its own: adam.
void check_step_by_query(const Tailoring& tailoring);

// The weights of a neural quantity, float64, taught on the train trajectories not to change along
// them.
learn::Params pretrained_on(const Task& task, const learn::Mlp& network,
                            const learn::Pretraining& options, std::uint64_t seed);

// "gauss-newton, K = 1, last layer", "sgd 0.001, K = 3, all layers"
std::string describe_step(const Tailoring& tailoring);

}  // namespace noether::bench
