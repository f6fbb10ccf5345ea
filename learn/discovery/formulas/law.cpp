#include "learn/discovery/formulas/law.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <tuple>
#include <utility>

#include "learn/discovery/formulas/fit.h"
#include "learn/discovery/formulas/linear_guess.h"
#include "learn/discovery/formulas/parameter_sizes.h"

namespace noether::learn::symbolic {

namespace {

// Whether f is the same everywhere but for rounding: whether across the range of the coordinates
// its slopes would change it by less than the digits it has. (That its values at the points are all
// the same would not tell: along a single trajectory a law's are.)
bool is_constant(const Program& program, const Points& points, std::span<const double> parameters,
                 Machine& machine) {
  std::vector<double> low(points.dimension, std::numeric_limits<double>::infinity());
  std::vector<double> high(points.dimension, -std::numeric_limits<double>::infinity());
  std::vector<double> slope(points.dimension);
  double size = 0;
  for (std::size_t pack = 0; pack < points.packs(); ++pack) {
    const auto f = machine.run(program, points.x_of(pack), parameters);
    for (std::size_t lane = 0; lane < base::pack_lanes; ++lane) {
      size = std::max(size, std::abs(base::lanes(f[0])[lane]));
      for (std::size_t d = 0; d < points.dimension; ++d) {
        const double x = points.x_of(pack)[d][lane];
        low[d] = std::min(low[d], x);
        high[d] = std::max(high[d], x);
        slope[d] = std::max(slope[d], std::abs(base::lanes(f[d + 1])[lane]));
      }
    }
  }
  double change = 0;
  for (std::size_t d = 0; d < points.dimension; ++d) change += slope[d] * (high[d] - low[d]);
  return change <= 1e-9 * size;
}

// What makes one form simpler than another; where all is equal, the earlier candidate is.
auto simplicity(const Law& law) {
  const auto inside =
      std::ranges::count(affine_parameters(law.formula), false);  // of a function or a divisor
  const auto functions = std::ranges::count_if(
      law.formula.nodes(), [](const Node& n) { return !function_name(n.op).empty(); });
  const auto negative = std::ranges::count_if(law.parameters, [](double c) { return c < 0; });
  return std::tuple(law.formula.size(), law.formula.parameter_count(), functions, inside, negative,
                    law.candidate);
}

// The normals at about `compared` points, where the law holds: at states moved by its offsets.
std::vector<double> some_normals(const Law& law, const Points& points, Machine& machine) {
  constexpr std::size_t compared = 112;
  const std::vector<double> all =
      normals(compile(law.formula), moved(points, law.offsets), law.parameters, machine);
  const std::size_t step = std::max<std::size_t>(1, points.count / compared);
  std::vector<double> some;
  for (std::size_t i = 0; i < points.count; i += step) {
    const auto at = all.begin() + static_cast<std::ptrdiff_t>(i * points.dimension);
    some.insert(some.end(), at, at + static_cast<std::ptrdiff_t>(points.dimension));
  }
  return some;
}

// The simplest of the forms about as good as the best of them, with the others.
Law named_form(std::vector<Law> forms, double best) {
  std::ranges::sort(forms, {}, simplicity);
  // a hundredth worse is no worse: scores of one function differ by rounding and by how far a
  // descent went
  const auto named =
      std::ranges::find_if(forms, [best](const Law& law) { return law.score <= 1.01 * best; });
  std::rotate(forms.begin(), named, named + 1);
  Law law = std::move(forms.front());
  law.other_forms.assign(std::make_move_iterator(forms.begin() + 1),
                         std::make_move_iterator(forms.end()));
  return law;
}

}  // namespace

Law fitted_law(const Expression& formula, const Points& screening, const Points& all,
               const Fitting& options, Machine& machine) {
  Law law{.formula = formula};
  if (!formula.has_input()) return law;
  const Program program = compile(formula);
  // roughly: what matters is whether anything is there
  Fit fit = fitted(formula, program, screening, options.descents,
                   {.steps = 12, .tolerance = 1e-2, .bound = options.bound}, machine);
  if (!(fit.score <= options.screening_score)) return law;
  const std::vector<double> sizes = parameter_sizes(formula, screening);
  fit = descended(program, all, std::move(fit.parameters), {.bound = options.bound, .sizes = sizes},
                  machine);
  OffsetFit found{.parameters = std::move(fit.parameters), .score = fit.score};
  if (options.offset_variance > 0) {
    found = fitted_with_offsets(
        program, all, {.parameters = std::move(found.parameters)},
        {.variance = options.offset_variance, .bound = options.bound, .sizes = sizes});
  }
  if (has_run_away(found.parameters, options.bound)) return law;
  if (is_constant(program, all, found.parameters, machine)) return law;
  law.parameters = std::move(found.parameters);
  law.offsets = std::move(found.offsets);
  law.offset_size = found.offset_size;
  law.score = found.score;
  return law;
}

std::vector<Law> law_classes(std::vector<Law> laws, const Points& points, double floor,
                             double parallel) {
  const auto rank = [floor](const Law& law) {
    return std::tuple(std::max(law.score, floor), simplicity(law));
  };
  std::ranges::sort(laws, {}, rank);
  struct Class {
    std::vector<double> normals;  // of its founder
    double best;
    std::vector<Law> forms;
  };
  std::vector<Class> classes;
  Machine machine(static_cast<int>(points.dimension));
  for (Law& law : laws) {
    std::vector<double> own = some_normals(law, points, machine);
    const auto same = std::ranges::find_if(classes, [&](const Class& other) {
      return mean_squared_sine(own, other.normals, points.dimension) <= parallel;
    });
    if (same == classes.end()) {
      const double best = std::max(law.score, floor);
      classes.push_back({.normals = std::move(own), .best = best, .forms = {std::move(law)}});
    } else {
      same->forms.push_back(std::move(law));
    }
  }
  std::vector<Law> result;
  for (Class& each : classes) result.push_back(named_form(std::move(each.forms), each.best));
  std::ranges::sort(result, {}, rank);
  return result;
}

}  // namespace noether::learn::symbolic
