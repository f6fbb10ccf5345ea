#pragma once

// Objectives over the rows of a data set: all at every step, or a few.

#include <cstdint>
#include <vector>

#include "learn/models/field.h"
#include "learn/train/trainer.h"

namespace noether::learn {

// Which of n rows each step takes, `batch` of them. An epoch of ceil(n / batch) steps takes every
// row once, in an order that is a function of (seed, epoch); its last batch may be smaller.
class Minibatches {
 public:
  // Throws UsageError unless n and batch are positive.
  Minibatches(std::int64_t n, std::int64_t batch);

  std::vector<std::int64_t> rows(const TrainingStep& at);

 private:
  std::int64_t n_, batch_;
  // the order of the epoch that was asked for last
  std::int64_t epoch_ = -1;
  std::uint64_t seed_ = 0;
  std::vector<std::int64_t> order_ = {};
};

struct FieldObjectiveOptions {
  std::int64_t batch = 0;  // rows of a step; 0: all
  int jobs = 1;            // threads of a gradient; never changes a number
};

// The mean of (field(x) - y)^2 over all values of x and y [n, d]; with a batch, over those of its
// rows. The value alone is that of all rows in any case.
Objective field_objective(const Field& field, const Tensor& x, const Tensor& y,
                          const FieldObjectiveOptions& options = {});

}  // namespace noether::learn
