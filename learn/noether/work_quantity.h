#pragma once

// Energy minus work: what a driven system conserves, learned from films and actions alone.

#include <cstdint>

#include "learn/noether/clip_quantity.h"

namespace noether::learn {

// Of every two consecutive frames a network gives an energy e_j and, of each action, the speed v_j
// that it works on. What it works between pairs j - 1 and j is a_j (v_{j-1} + v_j) / 2, by the rule
// of the trapezoid. So
//     c_j = e_j - sum_{i=1..j} a_i (v_{i-1} + v_i) / 2
// stays where e_j is the energy in units of the action's, up to the scale of both.
//
// The network sees p_j = p / sqrt(|p|^2 + 1e-4), p a vector of `features` linear maps of frame j
// without a bias, and its change 5 (p_{j+1} - p_j); then two layers of `hidden` tanh, a linear one.
struct WorkQuantity {
  std::int64_t pixels = 0;  // values of a frame, c h w
  std::int64_t actions = 1;
  std::int64_t features = 4, hidden = 32;
  bool counts_work = true;  // else c_j = e_j

  // Uniform within +-1/sqrt(inputs of a unit), a function of the seed alone.
  Params init(std::uint64_t seed, DType dtype) const;

  struct Parts {
    Tensor energy;     // e, [n, T - 1]
    Tensor conserved;  // c, [n, T - 1]
  };
  Parts parts(const Params& phi, const Clips& clips) const;
  Tensor operator()(const Params& phi, const Clips& clips) const;  // c, [n, T - 1, 1]
};

// g with these weights, which are constants for derivatives.
ClipQuantity frozen(const WorkQuantity& g, const Params& phi);

// The mean over films of the variance of c along one, divided by the variance of e among all. 0 for
// a conserved quantity. Scaling c and e changes nothing.
Tensor conserved_ratio(const WorkQuantity::Parts& parts);

// log(ratio) + 1e-3 log(var e)^2 + .3 (kurtosis(e) - 2)+. The second term keeps e near unit size,
// the last keeps it from being a mark of a few films.
Tensor work_loss(const WorkQuantity::Parts& parts);

struct WorkPretraining {
  std::int64_t steps = 900, batch = 32, warmup_steps = 50;
  double learning_rate = 5e-3, weight_decay = 1e-5;
  double good_ratio = 5e-4;  // of the validation clips: above it training starts again
  int starts = 5;            // at most; the best one is kept
};
struct PretrainedWork {
  Params phi{};  // scaled so that the energies of the validation clips have variance 1
  double ratio = 0;
  int starts = 0;
};
// Learns g by Adam on work_loss of the clips 0, ..., count - 1 of `train`, which are as long as
// those of `validation`. Throws NumericalError where that diverges.
PretrainedWork pretrained_work(const WorkQuantity& g, const WorkPretraining& options,
                               std::uint64_t seed, const ClipSource& train, std::int64_t count,
                               const Clips& validation);

}  // namespace noether::learn
