#include "dataset/recording/recorded_times.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "base/error.h"

namespace noether::dataset {
namespace {

constexpr std::size_t least_points = 4;

double usual_step(std::span<const Trial> trials) {
  std::vector<double> steps;
  for (const Trial& trial : trials) {
    for (std::size_t n = 1; n < trial.times.size(); ++n)
      steps.push_back(trial.times[n] - trial.times[n - 1]);
  }
  const auto middle = steps.begin() + std::ssize(steps) / 2;
  std::ranges::nth_element(steps, middle);
  return *middle;
}

// The unit of the last digit of all times, as they were written; 0 where they have more than nine
// digits behind the point, so that nothing is known to be rounded.
double last_digit(std::span<const Trial> trials) {
  const auto all = [&](auto holds) {
    return std::ranges::all_of(
        trials, [&](const Trial& trial) { return std::ranges::all_of(trial.times, holds); });
  };
  for (double digits = 1; digits <= 1e9; digits *= 10) {
    const auto is_whole = [digits](double t) {
      // a double holds t digits to 1e-7 where that is below 1e9
      return std::abs(t * digits - std::round(t * digits)) <= 1e-6;
    };
    if (all(is_whole)) return 1 / digits;
  }
  const auto is_float = [](double t) { return t == static_cast<double>(static_cast<float>(t)); };
  if (!all(is_float)) return 0;
  double most = 0;
  for (const Trial& trial : trials)
    for (const double t : trial.times) most = std::max(most, std::abs(t));
  return most * std::numeric_limits<float>::epsilon() / 2;
}

// Whole numbers of steps since the first point; empty where a step is none.
std::vector<double> ticks_of(const Trial& trial, double step, double tolerance) {
  std::vector<double> ticks{0};
  for (std::size_t n = 1; n < trial.times.size(); ++n) {
    const double steps = (trial.times[n] - trial.times[n - 1]) / step, whole = std::round(steps);
    // both ends are rounded
    if (whole < 1 || std::abs(steps - whole) * step > 2 * tolerance) return {};
    ticks.push_back(ticks.back() + whole);
  }
  return ticks;
}

double mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

// The least-squares line of all trials, one slope and a start each, in place of the times.
std::vector<std::vector<double>> on_one_step(std::span<const Trial> trials,
                                             const std::vector<std::vector<double>>& ticks) {
  double above = 0, below = 0;
  for (std::size_t k = 0; k < trials.size(); ++k) {
    const double centre = mean(ticks[k]), middle = mean(trials[k].times);
    for (std::size_t n = 0; n < ticks[k].size(); ++n) {
      above += (ticks[k][n] - centre) * (trials[k].times[n] - middle);
      below += (ticks[k][n] - centre) * (ticks[k][n] - centre);
    }
  }
  const double step = above / below;
  std::vector<std::vector<double>> lines;
  for (std::size_t k = 0; k < trials.size(); ++k) {
    const double start = mean(trials[k].times) - step * mean(ticks[k]);
    lines.emplace_back();
    for (const double tick : ticks[k]) lines.back().push_back(start + step * tick);
  }
  return lines;
}

enum class Rounding { uneven, none, undone };

Rounding undo_rounding(std::span<Trial> trials) {
  const double usual = usual_step(trials);
  const double tolerance =
      std::min(std::max(last_digit(trials), 1e-9 * usual), even_tolerance * usual);
  std::vector<std::vector<double>> ticks;
  for (const Trial& trial : trials) {
    ticks.push_back(ticks_of(trial, usual, tolerance));
    if (ticks.back().empty()) return Rounding::uneven;
  }
  std::vector<std::vector<double>> lines = on_one_step(trials, ticks);
  bool is_exact = true;
  for (std::size_t k = 0; k < trials.size(); ++k) {
    const std::vector<double>& times = trials[k].times;
    for (std::size_t n = 0; n < times.size(); ++n) {
      const double off = std::abs(times[n] - lines[k][n]);
      if (off > tolerance) return Rounding::uneven;
      is_exact = is_exact && off <= 1e-9 * (times.back() - times.front());
    }
  }
  if (is_exact) return Rounding::none;
  for (std::size_t k = 0; k < trials.size(); ++k) trials[k].times = std::move(lines[k]);
  return Rounding::undone;
}

// The points [first, last) of a trial.
Trial part(const Trial& trial, std::size_t first, std::size_t last, std::size_t d) {
  const auto some = [&](const std::vector<double>& all, std::size_t width) {
    if (all.empty()) return std::vector<double>{};
    return std::vector<double>(all.begin() + static_cast<std::ptrdiff_t>(first * width),
                               all.begin() + static_cast<std::ptrdiff_t>(last * width));
  };
  return {trial.name, some(trial.times, 1), some(trial.values, d), some(trial.derivatives, d)};
}

}  // namespace

bool undo_rounding(Trials& trials) {
  const Rounding all = undo_rounding(std::span(trials.trials));
  if (all != Rounding::uneven) return all == Rounding::undone;
  bool any = false;
  for (Trial& trial : trials.trials)
    any = undo_rounding(std::span(&trial, 1)) == Rounding::undone || any;
  return any;
}

Cuts cut_at_gaps(Trials& trials) {
  Cuts cuts;
  std::vector<Trial> pieces;
  std::vector<std::size_t> trial_of;
  const std::size_t d = trials.coordinates.size();
  for (std::size_t k = 0; k < trials.trials.size(); ++k) {
    const Trial& trial = trials.trials[k];
    const double usual = usual_step(std::span(&trial, 1));
    const std::size_t before = pieces.size();
    for (std::size_t first = 0, n = 1; n <= trial.times.size(); ++n) {
      const bool is_end = n == trial.times.size();
      if (!is_end && trial.times[n] - trial.times[n - 1] <= longest_step * usual) continue;
      if (!is_end) ++cuts.gaps;
      if (n - first < least_points) {
        cuts.lost += n - first;
      } else {
        const bool continues = pieces.size() > before;
        pieces.push_back(part(trial, first, n, d));
        pieces.back().continues = continues;
        trial_of.push_back(k);
      }
      first = n;
    }
    if (pieces.size() == before) {
      throw base::DataError(fmt::format(
          "'{}': trial {} has no {} points without a gap between them, a step of more than {:g} "
          "usual ones",
          trials.source, trial.name, least_points, longest_step));
    }
  }
  for (TrialParameter& parameter : trials.parameters) {
    std::vector<double> values;
    for (const std::size_t k : trial_of) values.push_back(parameter.values[k]);
    parameter.values = std::move(values);
  }
  trials.trials = std::move(pieces);
  return cuts;
}

std::size_t leave_out_missing(Trials& trials) {
  const std::size_t d = trials.coordinates.size();
  std::size_t missing = 0;
  for (Trial& trial : trials.trials) {
    const auto is_whole = [&](std::size_t n) {
      bool whole = !std::isnan(trial.times[n]);
      for (const auto* numbers : {&trial.values, &trial.derivatives}) {
        for (std::size_t j = 0; j < d && !numbers->empty(); ++j)
          whole = whole && !std::isnan((*numbers)[n * d + j]);
      }
      return whole;
    };
    Trial left{trial.name, {}, {}, {}};
    std::size_t pending = 0;
    for (std::size_t n = 0; n < trial.times.size(); ++n) {
      if (!is_whole(n)) {
        ++pending;
        continue;
      }
      missing += std::exchange(pending, 0);
      const Trial point = part(trial, n, n + 1, d);
      left.times.push_back(point.times.front());
      left.values.insert(left.values.end(), point.values.begin(), point.values.end());
      left.derivatives.insert(left.derivatives.end(), point.derivatives.begin(),
                              point.derivatives.end());
    }
    trial = std::move(left);
  }
  return missing;
}

}  // namespace noether::dataset
