#include "learn/train/segments.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <numeric>

#include "base/error.h"
#include "learn/autodiff/ops.h"
#include "learn/train/minibatch.h"
#include "learn/train/rows.h"

namespace noether::learn {

namespace {

constexpr double longest_gap = 10;  // usual steps
constexpr std::int64_t piece = 32;  // segments that are computed together, at most

// Everything about the segments that does not change while the field learns.
class Segments {
 public:
  Segments(const Field& field, const ObservedMotion& motion, const SegmentOptions& options)
      : field_(field),
        x_(motion.x),
        points_(options.points),
        longest_(usual_step(motion)),
        starts_(segment_starts(motion, options.points)) {
    for (const auto& of_one : motion.times)
      times_.insert(times_.end(), of_one.begin(), of_one.end());
    const std::int64_t d = x_.shape()[1];
    std::vector<double> weight(static_cast<std::size_t>(d), 1);
    for (std::size_t j = 0; j < options.spread.size(); ++j) weight[j] = 1 / options.spread[j];
    weight_ = cast(Tensor::from<double>(weight, {1, d}), x_.dtype());
  }

  std::int64_t count() const { return std::ssize(starts_); }

  // The sum of squares of segments [begin, end) of `chosen`, times `factor`.
  Tensor loss(const Params& params, std::span<const std::int64_t> chosen, double factor) const {
    std::vector<Indices> rows;
    std::vector<std::vector<double>> times;
    for (std::int64_t n = 0; n < points_; ++n) {
      auto at = std::make_shared<std::vector<std::int64_t>>();
      times.emplace_back();
      for (const std::int64_t segment : chosen) {
        at->push_back(starts_[static_cast<std::size_t>(segment)] + n);
        times.back().push_back(times_[static_cast<std::size_t>(at->back())]);
      }
      rows.push_back(at);
    }
    const bool moves_starts = params.contains(starts_weight);
    Tensor first = gather(x_, rows[0]);
    if (moves_starts) first = first + gather(params[starts_weight], rows[0]);
    const Tensors predicted = rollout_at(field_, params, first, times, longest_);
    Tensor total;
    for (std::size_t n = moves_starts ? 0 : 1; n < rows.size(); ++n) {
      total =
          accumulate(std::move(total), sum(square((predicted[n] - gather(x_, rows[n])) * weight_)));
    }
    return scale(total, factor);
  }

  // what makes a sum over so many segments a mean
  double share_of(std::size_t segments, const Params& params) const {
    const std::int64_t predicted = params.contains(starts_weight) ? points_ : points_ - 1;
    return 1 / (static_cast<double>(segments) * static_cast<double>(predicted * x_.shape()[1]));
  }

 private:
  Field field_;
  Tensor x_, weight_;
  std::int64_t points_;
  double longest_;
  std::vector<std::int64_t> starts_;
  std::vector<double> times_ = {};
};

std::span<const std::int64_t> part_of(const std::vector<std::int64_t>& chosen,
                                      const std::vector<std::int64_t>& cuts, std::size_t i) {
  return std::span(chosen).subspan(static_cast<std::size_t>(cuts[i]),
                                   static_cast<std::size_t>(cuts[i + 1] - cuts[i]));
}

}  // namespace

double usual_step(const ObservedMotion& motion) {
  std::vector<double> steps;
  for (const auto& times : motion.times)
    for (std::size_t n = 1; n < times.size(); ++n) steps.push_back(times[n] - times[n - 1]);
  if (steps.empty())
    throw base::DataError("no trajectory has two points, so no motion can be learned");
  const auto middle = steps.begin() + std::ssize(steps) / 2;
  std::ranges::nth_element(steps, middle);
  return *middle;
}

Tensor differences(const ObservedMotion& motion) {
  const std::int64_t d = motion.x.shape()[1];
  const std::vector<double> x = motion.x.to_vector();
  std::vector<double> rates;
  std::size_t row = 0;
  for (const auto& times : motion.times) {
    for (std::size_t n = 0; n < times.size(); ++n, ++row) {
      if (n + 1 == times.size()) continue;
      const auto here = row * static_cast<std::size_t>(d);
      for (auto j = here; j < here + static_cast<std::size_t>(d); ++j)
        rates.push_back((x[j + static_cast<std::size_t>(d)] - x[j]) / (times[n + 1] - times[n]));
    }
  }
  return cast(Tensor::from<double>(rates, {std::ssize(rates) / d, d}), motion.x.dtype());
}

std::vector<std::int64_t> segment_starts(const ObservedMotion& motion, std::int64_t points) {
  const double longest = longest_gap * usual_step(motion);
  std::vector<std::int64_t> starts;
  std::int64_t first = 0, most = 0;
  for (const auto& times : motion.times) {
    const auto n = std::ssize(times);
    std::int64_t unbroken = 0;  // points up to here without a long step between them
    for (std::int64_t t = 0; t < n; ++t) {
      const auto here = static_cast<std::size_t>(t);
      unbroken = t > 0 && times[here] - times[here - 1] <= longest ? unbroken + 1 : 1;
      most = std::max(most, unbroken);
      if (unbroken >= points) starts.push_back(first + t - points + 1);
    }
    first += n;
  }
  if (!starts.empty()) return starts;
  throw base::DataError(fmt::format(
      "no trajectory has a segment of {} points: the longest without a gap has {}", points, most));
}

Objective segment_objective(const Field& field, const ObservedMotion& motion,
                            const SegmentOptions& options) {
  const auto segments = std::make_shared<const Segments>(field, motion, options);
  const std::int64_t batch = options.batch > 0 ? options.batch : segments->count();
  const auto batches = std::make_shared<Minibatches>(segments->count(), batch);
  const auto most = cuts_of(std::min(batch, segments->count()), {.rows = piece}).size() - 1;
  const auto workers = std::make_shared<base::Workers>(threads_for({.jobs = options.jobs}, most));
  Objective objective;
  objective.value_and_gradient = [=](const Params& params, const TrainingStep& at) {
    const auto chosen = batches->rows(at);
    const auto cuts = cuts_of(std::ssize(chosen), {.rows = piece});
    const double factor = segments->share_of(chosen.size(), params);
    return sum_of_pieces(params, cuts.size() - 1, *workers, [&](std::size_t i) {
      return value_and_grad(
          [&](const Params& p) { return segments->loss(p, part_of(chosen, cuts, i), factor); },
          params);
    });
  };
  objective.value = [=](const Params& params, const TrainingStep&) {
    std::vector<std::int64_t> all(static_cast<std::size_t>(segments->count()));
    std::iota(all.begin(), all.end(), 0);
    const auto cuts = cuts_of(std::ssize(all), {});
    Tensor total;
    for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
      total = accumulate(std::move(total), segments->loss(params, part_of(all, cuts, i),
                                                          segments->share_of(all.size(), params)));
    }
    return total;
  };
  return objective;
}

}  // namespace noether::learn
