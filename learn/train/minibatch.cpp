#include "learn/train/minibatch.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "base/error.h"
#include "base/random.h"
#include "learn/autodiff/ops.h"
#include "learn/train/rows.h"

namespace noether::learn {

namespace {

// The value of field_loss_over_rows without its gradient, in pieces as well.
Tensor field_loss_by_rows(const Field& field, const Params& params, const Tensor& x,
                          const Tensor& y) {
  const auto cuts = cuts_of(x, {});
  Tensor total;
  for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
    const Tensor predicted = field(params, slice(x, 0, cuts[i], cuts[i + 1]));
    const Tensor piece = sum(square(predicted - slice(y, 0, cuts[i], cuts[i + 1])));
    total = total.defined() ? total + piece : piece;
  }
  return scale(total, 1 / static_cast<double>(y.size()));
}

}  // namespace

Minibatches::Minibatches(std::int64_t n, std::int64_t batch) : n_(n), batch_(batch) {
  if (n >= 1 && batch >= 1) return;
  throw base::UsageError(
      fmt::format("batches of {} out of {} rows: at least one row was expected", batch, n));
}

std::vector<std::int64_t> Minibatches::rows(const TrainingStep& at) {
  const std::int64_t batches = (n_ + batch_ - 1) / batch_, epoch = at.step / batches;
  if (epoch != epoch_ || at.seed != seed_) {
    // Fisher and Yates
    order_.resize(static_cast<std::size_t>(n_));
    std::iota(order_.begin(), order_.end(), 0);
    base::RandomStream random(at.seed, base::Purpose::minibatch, static_cast<std::uint64_t>(epoch));
    for (std::size_t left = order_.size(); left > 1; --left) {
      const auto chosen = static_cast<std::size_t>(random.uniform() * static_cast<double>(left));
      std::swap(order_[left - 1], order_[chosen]);
    }
    epoch_ = epoch;
    seed_ = at.seed;
  }
  const std::int64_t first = at.step % batches * batch_;
  return {order_.begin() + first, order_.begin() + std::min(first + batch_, n_)};
}

Objective field_objective(const Field& field, const Tensor& x, const Tensor& y,
                          const FieldObjectiveOptions& options) {
  Objective objective;
  if (options.batch == 0) {
    objective = objective_of(field_loss_over_rows(field, x, y, {.jobs = options.jobs}));
  } else {
    // threads that stay from batch to batch
    const Tensor largest = slice(x, 0, 0, std::min(options.batch, x.shape()[0]));
    const std::size_t most = cuts_of(largest, {}).size() - 1;
    const Pieces pieces{
        .workers = std::make_shared<base::Workers>(threads_for({.jobs = options.jobs}, most))};
    objective.value_and_gradient = [=, batches = Minibatches(x.shape()[0], options.batch)](
                                       const Params& params, const TrainingStep& at) mutable {
      const auto rows = std::make_shared<const std::vector<std::int64_t>>(batches.rows(at));
      return field_loss_over_rows(field, gather(x, rows), gather(y, rows), pieces)(params);
    };
  }
  objective.value = [=](const Params& params, const TrainingStep&) {
    return field_loss_by_rows(field, params, x, y);
  };
  return objective;
}

}  // namespace noether::learn
