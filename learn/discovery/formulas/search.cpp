#include "learn/discovery/formulas/search.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "base/parallel.h"
#include "learn/discovery/formulas/fit.h"

namespace noether::learn::symbolic {

namespace {

// candidates handed to a thread at a time
constexpr std::int64_t chunk = 64;

constexpr std::int64_t fewest_points = 10;

// The rms sine that a law leaves, measured over seeds on the tables' data with all formulas of up
// to seven nodes: exact states 1e-16; denoised ones of noise 0.1, 1.6e-6 to 2.5e-6, all of it the
// spline's, which grows with the fourth power of the time between points. The energy of the damped
// pendulum leaves 8e-3, and the best false formula 0.08.
constexpr double tolerance_of_exact_states = 1e-4;
constexpr double tolerance_of_offsets = 1e-3;

Fitting fitting_of(const Trajectories& t) {
  Fitting fitting{.offset_variance = t.offset_variance, .bound = parameter_bound(t)};
  // before its offsets are known, a true law may look worse
  if (t.offset_variance > 0) fitting.screening_score = 0.2;
  return fitting;
}

void check_candidates(std::span<const Expression> candidates, std::int64_t dimension) {
  for (const Expression& e : candidates) {
    for (const Node& n : e.nodes()) {
      if (n.op != Op::input || n.index < dimension) continue;
      throw base::UsageError(fmt::format("a candidate formula has coordinate {}, but there are {}",
                                         n.index + 1, dimension));
    }
  }
}

std::vector<Law> kept_laws(std::span<const Expression> candidates, const Points& screening,
                           const Points& all, const Fitting& fitting, int jobs,
                           const std::function<void(std::int64_t, std::int64_t)>& progress) {
  const std::int64_t count = std::ssize(candidates);
  const auto some = [&](std::int64_t i) {
    Machine machine(static_cast<int>(all.dimension));
    std::vector<Law> kept;
    for (std::int64_t j = i * chunk; j < std::min(count, (i + 1) * chunk); ++j) {
      Law law =
          fitted_law(candidates[static_cast<std::size_t>(j)], screening, all, fitting, machine);
      law.candidate = j;
      if (law.score <= kept_score) kept.push_back(std::move(law));
    }
    return kept;
  };
  std::vector<Law> kept;
  base::ordered_pipeline(0, (count + chunk - 1) / chunk, jobs, some,
                         [&](std::int64_t i, std::vector<Law> more) {
                           std::ranges::move(more, std::back_inserter(kept));
                           if (progress) progress(std::min(count, (i + 1) * chunk), count);
                         });
  return kept;
}

}  // namespace

Search search(const Trajectories& t, std::span<const Expression> candidates,
              const SearchOptions& options,
              const std::function<void(std::int64_t, std::int64_t)>& progress) {
  check_trajectories(t);
  check_candidates(candidates, t.dimension());
  if (t.points() < fewest_points) {
    throw base::DataError(fmt::format(
        "a law cannot be told from {} points, which many formulas fit; it takes {} or more",
        t.points(), fewest_points));
  }
  const double tolerance = options.tolerance.value_or(
      t.offset_variance > 0 ? tolerance_of_offsets : tolerance_of_exact_states);
  const Points screening = spread_points(t, options.screening_points), all = all_points(t);
  const Fitting fitting = fitting_of(t);

  std::vector<Law> kept = kept_laws(candidates, screening, all, fitting, options.jobs, progress);
  Search result{.candidates = std::ssize(candidates),
                .kept = std::ssize(kept),
                .shuffled_ratio = shuffled_ratio(t)};
  result.classes = law_classes(std::move(kept), all, tolerance * tolerance, options.parallel);
  const auto mark = [tolerance](Law& law) {
    law.conserved = law.score <= tolerance * tolerance && excess(law.offset_size) <= most_excess;
  };
  for (Law& law : result.classes) {
    mark(law);
    for (Law& form : law.other_forms) mark(form);
  }
  const auto reported = std::min<std::int64_t>(options.reported, std::ssize(result.classes));
  base::parallel_for(reported, options.jobs, [&](std::int64_t i) {
    Law& law = result.classes[static_cast<std::size_t>(i)];
    Machine machine(static_cast<int>(all.dimension));
    law.variance_ratio = variance_ratio(law.formula, t, law.parameters);
    law.one_value = law.conserved && has_one_value(with_values(law.formula, law.parameters), t);
    if (t.offset_variance > 0) {
      law.change =
          change_along(with_values(law.formula, law.parameters), t, law.offsets, law.offset_size);
    }
    const auto add_intervals = [&](Law& form) {
      form.intervals =
          parameter_intervals(form, all, fitting, options.resamples, options.seed, machine);
    };
    add_intervals(law);
    if (!law.other_forms.empty()) add_intervals(law.other_forms.front());
  });
  return result;
}

}  // namespace noether::learn::symbolic
