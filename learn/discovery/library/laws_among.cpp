#include "learn/discovery/library/laws_among.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "base/error.h"
#include "learn/discovery/library/feature_space.h"
#include "learn/discovery/library/independence.h"
#include "learn/discovery/library/law_forms.h"
#include "learn/discovery/library/subsets.h"
#include "learn/discovery/matrix.h"

namespace noether::learn::symbolic {
namespace {

std::vector<std::int64_t> all_of(const Basis& basis) {
  std::vector<std::int64_t> result(basis.kept.size());
  std::iota(result.begin(), result.end(), 0);
  return result;
}

double sum_of_squares(const std::vector<double>& values) {
  return std::inner_product(values.begin(), values.end(), values.begin(), 0.0);
}

// The root mean square of the rate of change by that of shuffled velocities. Where the latter
// vanish at every point, as for a momentum, by that of the metric.
double rms_sine_of(const Expression& e, const Trajectories& data, const Metric& metric) {
  const Slopes by_metric = slopes(std::array{e}, data, metric);
  Metric velocities = metric;
  velocities.root = metric.velocity_root;
  const Slopes by_velocity = slopes(std::array{e}, data, velocities);
  const double rate = sum_of_squares(by_metric.rate[0]);
  const double whole = sum_of_squares(by_metric.spread[0]);
  const double shuffled = sum_of_squares(by_velocity.spread[0]);
  // of a whole of 1, 1e-20 is the square of rounding
  return std::sqrt(rate / (shuffled > 1e-20 * whole ? shuffled : whole));
}

// Fits the law's support to one half and returns the score on the other.
double held_out_rms_sine(const NullSpaceProblem& problem, std::span<const Expression> support) {
  double worst = 0;
  for (const std::size_t which : {0u, 1u}) {
    if (problem.halves[which].points() < 2 * std::ssize(support)) return 1;
    const Slopes s = slopes(support, problem.halves[which], problem.shape);
    const Basis b = basis(s, 0);
    const std::vector<Direction> found = directions(b, all_of(b));
    if (b.kept.size() < support.size() || found.empty()) return 1;
    const Expression law = formula(found.front().coefficients, support);
    worst = std::max(worst, rms_sine_of(law, problem.halves[1 - which], problem.shape));
  }
  return worst;
}

std::vector<Expression> features_of(const SparseLaw& law, const Basis& basis,
                                    std::span<const Expression> features) {
  std::vector<Expression> result;
  for (const std::int64_t k : law.support) {
    result.push_back(features[static_cast<std::size_t>(basis.kept[static_cast<std::size_t>(k)])]);
  }
  return result;
}

// The rms sine of the combinations of these terms: as rms_sine_of, but for rounding, and quickly.
class CombinationSine {
 public:
  CombinationSine(std::span<const Expression> terms, const NullSpaceProblem& problem) {
    Metric velocities = problem.shape;
    velocities.root = problem.shape.velocity_root;
    const Slopes by_metric = slopes(terms, problem.data, problem.shape);
    rate_ = triangle(to_matrix(by_metric.rate));
    whole_ = triangle(to_matrix(by_metric.spread));
    shuffled_ = triangle(to_matrix(slopes(terms, problem.data, velocities).spread));
  }

  double of(const std::vector<double>& coefficients) const {
    const Vector c = Eigen::Map<const Vector>(coefficients.data(), std::ssize(coefficients));
    const double whole = product(whole_, c).norm(), shuffled = product(shuffled_, c).norm();
    return product(rate_, c).norm() / (shuffled > 1e-10 * whole ? shuffled : whole);
  }

 private:
  Matrix rate_, whole_, shuffled_;
};

// The law with the fewest digits that serve as well, one of its coefficients being 1: the one that
// needs the fewest, the simplest term's where several do.
LinearLaw rounded_law(const NullSpaceProblem& problem, std::span<const double> coefficients,
                      std::span<const Expression> support) {
  const CombinationSine sine(support, problem);
  const auto scaled = [&](std::size_t leading, int digits) {
    std::vector<double> result(coefficients.begin(), coefficients.end());
    for (double& c : result) c = rounded(c / coefficients[leading], digits);
    return result;
  };
  const auto law_of = [&](const std::vector<double>& c) {
    LinearLaw law{.formula = formula(c, support)};
    law.rms_sine = rms_sine_of(law.formula, problem.data, problem.shape);
    return law;
  };
  const double exact = sine.of(scaled(0, 17));
  // coefficients that were round before rounding errors become round again
  constexpr double rounding = 1e-14;
  for (int digits = 1; digits < 17; ++digits) {
    for (std::size_t leading = 0; leading < coefficients.size(); ++leading) {
      const std::vector<double> c = scaled(leading, digits);
      if (sine.of(c) <= std::max(1.001 * exact, rounding)) return law_of(c);
    }
  }
  return law_of(scaled(0, 17));
}

// The constants of the data, up to functions of one another: each dependent feature less what it
// is.
std::vector<Expression> constants_of(const NullSpaceProblem& problem, const Basis& basis,
                                     std::span<const Expression> features,
                                     std::span<const Expression> others) {
  struct Candidate {
    Expression exact;  // identities of the library vanish only with all digits
    Expression rounded;
    std::vector<Expression> terms;
    std::vector<double> coefficients;
  };
  std::vector<Candidate> candidates;
  std::vector<Expression> kept;
  for (const std::int64_t k : basis.kept) kept.push_back(features[static_cast<std::size_t>(k)]);
  for (const Dependence& d : basis.dependences) {
    // the feature itself comes first, with coefficient 1
    std::vector<Expression> terms{features[static_cast<std::size_t>(d.feature)]};
    std::vector<double> coefficients{1};
    for (std::size_t k = 0; k < kept.size(); ++k) {
      if (std::abs(d.coefficients[k]) < 1e-6) continue;
      terms.push_back(kept[k]);
      coefficients.push_back(-d.coefficients[k]);
    }
    candidates.push_back(
        {formula(coefficients, terms), formula(coefficients, terms, 9), terms, coefficients});
  }
  for (const Expression& other : others) candidates.push_back({other, other, {other}, {1}});

  // functions of each other have parallel gradients, identities none; now in all directions
  const Trajectories few = thinned(problem.data, 50);
  Metric plain{.scales = problem.shape.scales};
  for (std::size_t d = 0; d < few.x.size(); ++d) {
    if (plain.scales[d] == 0) plain.scales[d] = 1;
    plain.root.emplace_back(few.x.size());
    plain.root.back()[d] = plain.scales[d];
  }
  std::vector<Expression> result;
  GradientSpan span;
  const auto points = static_cast<std::size_t>(few.points());
  for (const auto& [candidate, to_report, terms, coefficients] : candidates) {
    const Slopes s = slopes(std::array{candidate}, few, plain);
    const Slopes of_terms = slopes(terms, few, plain);
    double largest = 0;
    for (std::size_t k = 0; k < terms.size(); ++k)
      largest = std::max(largest, std::abs(coefficients[k]) * of_terms.size[k]);
    // an identity, or nearly one, as of functions and their series
    if (s.size[0] < 1e-3 * largest) continue;
    if (span.share_outside(s.spread[0], points) < problem.options.independence) continue;
    span.add(s.spread[0], points);
    result.push_back(to_report);
  }
  return result;
}

// Those of the laws that are no functions of simpler ones and of the constants.
std::vector<LinearLaw> independent(const NullSpaceProblem& problem, std::vector<LinearLaw> laws,
                                   std::span<const Expression> constants) {
  GradientSpan span;
  const auto points = static_cast<std::size_t>(problem.fitted.points());
  const auto gradient = [&](const Expression& e) {
    return slopes(std::array{e}, problem.fitted, problem.shape).spread[0];
  };
  for (const Expression& constant : constants) span.add(gradient(constant), points);
  std::ranges::stable_sort(laws, {}, [](const LinearLaw& law) { return law.formula.size(); });
  std::vector<LinearLaw> result;
  for (const LinearLaw& law : laws) {
    const std::vector<double> of_law = gradient(law.formula);
    if (span.share_outside(of_law, points) < problem.options.independence) continue;
    span.add(of_law, points);
    result.push_back(law);
  }
  return result;
}

}  // namespace

std::vector<Expression> usable(const NullSpaceProblem& problem,
                               std::span<const Expression> features) {
  std::vector<Expression> result = finite_features(features, problem.data);
  // five rates of change for each unknown coefficient
  const std::int64_t most = problem.fitted.points() / 5;
  if (std::ssize(result) > most) {
    result.erase(result.begin() + static_cast<std::ptrdiff_t>(most), result.end());
  }
  return result;
}

IndependentLaws laws_among(const NullSpaceProblem& problem, std::span<const Expression> library,
                           double negligible) {
  const std::vector<Expression> features = usable(problem, library);
  IndependentLaws result{.features = static_cast<int>(features.size())};
  if (features.empty()) return result;
  const Slopes s = slopes(features, problem.fitted, problem.shape);
  const Basis b = basis(s, problem.options.dependence);
  std::vector<Direction> found = directions(b, all_of(b));
  if (!found.empty()) result.least_rms_sine = found.front().score;
  std::erase_if(found, [&](const Direction& d) { return d.score > problem.options.tolerance; });

  const Conserved conserved = split(found, b, s, problem.shape, 1e-7);
  const std::vector<SparseLaw> sparse =
      negligible > 0 ? sparse_laws(conserved, b, negligible, negligible)
                     : sparse_laws(conserved, b, std::max(1e-6, problem.options.tolerance));
  std::vector<Expression> constants;
  std::vector<LinearLaw> laws;
  for (std::size_t i = 0; i < sparse.size(); ++i) {
    const std::vector<Expression> support = features_of(sparse[i], b, features);
    if (i < conserved.constants.size()) {
      constants.push_back(rounded_law(problem, sparse[i].coefficients, support).formula);
      continue;
    }
    const LinearLaw law = rounded_law(problem, sparse[i].coefficients, support);
    const double most = std::max(problem.options.tolerance, negligible);
    const bool holds = law.rms_sine <= most && held_out_rms_sine(problem, support) <= 10 * most;
    if (!holds) continue;
    laws.push_back(law);
    laws.back().terms = support;
    laws.back().coefficients = sparse[i].coefficients;
  }
  // along a single trajectory every conserved function is one number
  if (problem.data.count > 1) result.constants = constants_of(problem, b, features, constants);

  result.laws = independent(problem, std::move(laws), constants);
  if (result.laws.empty()) {
    std::vector<Expression> all;
    for (const std::int64_t k : b.kept) all.push_back(features[static_cast<std::size_t>(k)]);
    result.least_rms_sine = std::max(result.least_rms_sine, held_out_rms_sine(problem, all));
  }
  return result;
}

NullSpaceProblem problem_of(const Trajectories& data, const NullSpaceOptions& options) {
  return {.data = data,
          .options = options,
          .shape = metric(data),
          .fitted = thinned(data, options.max_points),
          .halves = {half(data, 0), half(data, 1)}};
}

}  // namespace noether::learn::symbolic
