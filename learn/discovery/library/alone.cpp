#include "learn/discovery/library/alone.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "learn/discovery/errors_in_variables.h"
#include "learn/discovery/gradient_columns.h"
#include "learn/discovery/library/feature_space.h"
#include "learn/discovery/library/independence.h"
#include "learn/discovery/library/law_forms.h"

namespace noether::learn::symbolic {
namespace {

// What one more coefficient may lower chi_square by, if it is zero in truth: the square of a normal
// number, as improbable as most_excess.
constexpr double by_chance = most_excess * most_excess;

// Gradients of laws are the same where they differ by less: a hundred times what true laws do.
constexpr double independence = 1e-2;

// The first term has the coefficient 1.
struct Combination {
  std::vector<Expression> terms;
  std::vector<double> coefficients;  // of the others
};

Expression with_free_coefficients(const std::vector<Expression>& terms) {
  Expression sum = terms[0];
  for (std::size_t k = 1; k < terms.size(); ++k) {
    const Expression term = apply(Op::multiply, parameter(static_cast<int>(k) - 1), terms[k]);
    sum = apply(Op::add, sum, term);
  }
  return sum;
}

Expression formula_of(const Combination& law) {
  std::vector<double> coefficients{1};
  coefficients.insert(coefficients.end(), law.coefficients.begin(), law.coefficients.end());
  return formula(coefficients, law.terms);
}

OffsetFit fit_of(const Expression& e, OffsetFit start, const Trajectories& given) {
  return fitted_with_offsets(compile(e), all_points(given), std::move(start),
                             {.variance = given.offset_variance});
}

// The terms of a law, the one first that varies most in it, then by how much they vary.
Combination sorted_terms(const LinearLaw& law, const Trajectories& given) {
  std::vector<std::pair<double, std::size_t>> order;
  for (std::size_t k = 0; k < law.terms.size(); ++k) {
    const std::vector<double> value = gradient_columns(law.terms[k], given.x).value;
    const auto [least, most] = std::ranges::minmax(value);
    order.emplace_back(-std::abs(law.coefficients[k]) * (most - least), k);
  }
  std::ranges::sort(order);
  Combination result;
  for (const auto& [size, k] : order) {
    result.terms.push_back(law.terms[k]);
    if (result.terms.size() > 1)
      result.coefficients.push_back(law.coefficients[k] / law.coefficients[order[0].second]);
  }
  return result;
}

// Leaves out one needless term, the smallest first; says whether there was one.
bool drop_term(Combination& law, OffsetFit& fit, const Trajectories& given, double tolerance) {
  const double most = std::min(tolerance, 10 * std::max(std::sqrt(fit.score), 1e-6));
  for (std::size_t k = law.terms.size() - 1; k > 0; --k) {
    Combination fewer = law;
    fewer.terms.erase(fewer.terms.begin() + static_cast<std::ptrdiff_t>(k));
    fewer.coefficients.erase(fewer.coefficients.begin() + static_cast<std::ptrdiff_t>(k) - 1);
    // from the offsets of the longer law: from none, a motion nearly at rest, smaller than its
    // offset, may not be led to the right one
    OffsetFit other = fit_of(with_free_coefficients(fewer.terms),
                             {.parameters = fewer.coefficients, .offsets = fit.offsets}, given);
    const double larger = other.offset_size.chi_square - fit.offset_size.chi_square;
    if (!(std::sqrt(other.score) <= most && larger <= by_chance)) continue;
    law = {std::move(fewer.terms), other.parameters};
    fit = std::move(other);
    return true;
  }
  return false;
}

// The law with fewer terms, and the size of its offsets.
LinearLaw alone(LinearLaw law, const Trajectories& given, double tolerance) {
  OffsetFit fit = fit_of(law.formula, {}, given);
  if (law.terms.size() > 1 && std::sqrt(fit.score) <= tolerance) {
    Combination terms = sorted_terms(law, given);
    bool is_shorter = false;
    while (terms.terms.size() > 1 && drop_term(terms, fit, given, tolerance)) is_shorter = true;
    if (is_shorter) {
      law.formula = formula_of(terms);
      law.terms = terms.terms;
      law.coefficients = {1};
      law.coefficients.insert(law.coefficients.end(), terms.coefficients.begin(),
                              terms.coefficients.end());
      law.rms_sine = std::sqrt(fit.score);
    }
  }
  law.offset_size = fit.offset_size;
  law.change = change_along(law.formula, given, fit.offsets, fit.offset_size);
  if (!(std::sqrt(fit.score) <= tolerance)) law.rms_sine = 1;
  return law;
}

}  // namespace

std::vector<LinearLaw> laws_alone(std::vector<LinearLaw> laws, const Trajectories& given,
                                  double tolerance) {
  for (LinearLaw& law : laws) law = alone(std::move(law), given, tolerance);
  std::erase_if(laws, [tolerance](const LinearLaw& law) {
    return law.rms_sine > tolerance || excess(law.offset_size) > most_excess;
  });
  std::ranges::stable_sort(laws, {}, [](const LinearLaw& law) { return law.formula.size(); });
  const Metric shape = metric(given);
  const auto points = static_cast<std::size_t>(given.points());
  GradientSpan span;
  std::vector<LinearLaw> result;
  for (LinearLaw& law : laws) {
    const std::vector<double> gradient = slopes(std::array{law.formula}, given, shape).spread[0];
    if (span.share_outside(gradient, points) < independence) continue;
    span.add(gradient, points);
    result.push_back(std::move(law));
  }
  return result;
}

}  // namespace noether::learn::symbolic
