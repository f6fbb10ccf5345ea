#include "learn/discovery/library/null_space.h"

#include <algorithm>

#include "learn/discovery/library/alone.h"
#include "learn/discovery/library/conserved_span.h"
#include "learn/discovery/library/laws_among.h"
#include "learn/discovery/library/shape_search.h"
#include "learn/discovery/library/subsets.h"
#include "learn/discovery/offsets.h"
#include "learn/discovery/points.h"

namespace noether::learn::symbolic {
namespace {

// Those of the features that occur in the laws.
std::vector<std::size_t> used(std::span<const LinearLaw> laws,
                              std::span<const Expression> library) {
  std::vector<std::size_t> result;
  for (std::size_t k = 0; k < library.size(); ++k) {
    const auto has = [&](const LinearLaw& law) {
      return std::ranges::find(law.terms, library[k]) != law.terms.end();
    };
    if (std::ranges::any_of(laws, has)) result.push_back(k);
  }
  return result;
}

// The data of a fit: states as given, and as functions with one value everywhere move them.
struct NoisyData {
  Trajectories given;
  Trajectories constrained;
};

// The laws of a library where states have offsets. The span that is conserved once these are taken
// off is known, but not which of its terms only stand for what offsets that all trajectories share
// would do as well. So terms that matter less than `negligible` are left out, and those that no law
// needs when it is alone. The span and the offsets are fitted again with the terms that remain.
IndependentLaws sparse_with_offsets(const NoisyData& data, const FeaturesOf& features,
                                    const ConservedSpan& span, bool c_is_free,
                                    NullSpaceOptions options, double negligible) {
  const auto last = [&](const ConservedSpan& of) {
    return std::min(options.offset_tolerance, 10 * std::max(of.rms_sine, 1e-6));
  };
  options.tolerance = last(span);
  const std::vector<Expression> library = features(span.c);
  IndependentLaws result = laws_among(problem_of(span.moved, options), library, negligible);
  if (result.laws.empty()) return result;
  std::vector<std::size_t> which = used(result.laws, library);
  const auto few = [&](double c) {
    const std::vector<Expression> all = features(c);
    std::vector<Expression> chosen;
    for (const std::size_t k : which) chosen.push_back(all[k]);
    return chosen;
  };
  const SpanOptions span_options{.tolerance = options.offset_tolerance,
                                 .dependence = options.dependence};
  // laws that alone need fewer terms are fitted once more, with these
  for (std::size_t before = 0; before != which.size() && !which.empty();) {
    before = which.size();
    const ConservedSpan again =
        conserved_span(data.constrained, few, span.c, c_is_free, span_options);
    result.laws.clear();
    if (again.functions == 0) return result;
    options.tolerance = last(again);
    const std::vector<Expression> chosen = few(again.c);
    result.laws =
        laws_alone(laws_among(problem_of(again.moved, options), chosen, options.tolerance).laws,
                   data.given, options.offset_tolerance);
    std::vector<std::size_t> still;
    for (const std::size_t k : used(result.laws, chosen)) still.push_back(which[k]);
    which = std::move(still);
  }
  return result;
}

std::size_t terms(const IndependentLaws& laws) {
  std::size_t result = 0;
  for (const LinearLaw& law : laws.laws) result += law.formula.nodes().size();
  return result;
}

// More laws, then shorter ones.
bool is_better(const IndependentLaws& a, const IndependentLaws& b) {
  if (a.laws.size() != b.laws.size()) return a.laws.size() > b.laws.size();
  return terms(a) < terms(b);
}

IndependentLaws laws_with_offsets(const NoisyData& data, const FeaturesOf& features,
                                  const ConservedSpan& span, bool c_is_free,
                                  const NullSpaceOptions& options) {
  IndependentLaws best;
  for (const double negligible : {3e-2, 1e-2, 3e-3, 1e-3}) {
    if (options.on_step) options.on_step();
    IndependentLaws found =
        sparse_with_offsets(data, features, span, c_is_free, options, negligible);
    if (best.features == 0 || is_better(found, best)) best = std::move(found);
  }
  return best;
}

// Without a shape, and with each where that has no law; the most laws, kept best.
IndependentLaws noisy_laws(const Trajectories& all, const Library& library,
                           const NullSpaceOptions& options) {
  const NoisyData data{fewer(all, options.max_points),
                       fewer(without_constant_offsets(all), options.max_points)};
  const Trajectories& given = data.constrained;
  const SpanOptions span_options{.tolerance = options.offset_tolerance,
                                 .dependence = options.dependence};
  const std::vector<Expression> plain = usable(problem_of(given, options), library.features);
  SpanOptions several = span_options;
  several.starts = 6;
  ConservedSpan span = conserved_span(
      given, [&](double) { return plain; }, 0, false, several);
  IndependentLaws best = laws_with_offsets(
      data, [&](double) { return plain; }, span, false, options);
  if (span.functions == 0) best.least_rms_sine = span.rms_sine;
  if (!best.laws.empty()) return best;

  // with a number more, functions that are not conserved come nearer to it: 1.8e-5 was seen
  NullSpaceOptions strict = options;
  strict.offset_tolerance = options.offset_tolerance / 10;
  const SpanOptions strict_span{.tolerance = strict.offset_tolerance,
                                .dependence = options.dependence};
  const std::int64_t most = given.points() / 5;  // as usable() leaves of the plain ones
  const ShapeSearch search{library, thinned(given, 300), metric(given), options.dependence};
  for (const Shape& shape : library.shapes) {
    if (options.on_step) options.on_step();
    const auto shaped = [&](double c) {
      std::vector<Expression> features = with_shape(library, shape, c);
      if (std::ssize(features) > most) features.resize(static_cast<std::size_t>(most), features[0]);
      return features;
    };
    const double start = fitted_shape(search, shape, options.offset_tolerance).c;
    span = conserved_span(given, shaped, start, true, strict_span);
    if (span.functions == 0) continue;
    IndependentLaws with = laws_with_offsets(data, shaped, span, true, strict);
    if (is_better(with, best)) best = std::move(with);
  }
  return best;
}

}  // namespace

IndependentLaws independent_laws(const Trajectories& data,
                                 std::span<const std::optional<Unit>> units,
                                 const NullSpaceOptions& options) {
  check_trajectories(data);
  const Library library = feature_library(data, units, options.library);
  if (data.offset_variance > 0) return noisy_laws(data, library, options);

  const NullSpaceProblem problem = problem_of(data, options);
  IndependentLaws result = laws_among(problem, library.features);
  if (!result.laws.empty()) return result;

  const ShapeSearch search{library, thinned(data, 300), problem.shape, options.dependence};
  for (const Shape& shape : library.shapes) {
    if (options.on_step) options.on_step();
    const FittedShape fitted = fitted_shape(search, shape, options.tolerance);
    if (fitted.score > options.tolerance) continue;
    IndependentLaws with = laws_among(problem, with_shape(library, shape, fitted.c));
    if (with.laws.size() > result.laws.size()) result = std::move(with);
  }

  // energies of a higher degree, where nothing simpler is conserved
  LibraryOptions higher = options.library;
  for (++higher.degree; result.laws.empty() && higher.degree <= options.highest_degree;
       ++higher.degree) {
    const auto most = static_cast<std::size_t>(problem.fitted.points() / 5);  // see usable()
    if (library_size(data, units, higher) >
        std::min(most, static_cast<std::size_t>(higher.max_features)))
      break;
    if (options.on_step) options.on_step();
    IndependentLaws with = laws_among(problem, feature_library(data, units, higher).features);
    if (!with.laws.empty()) result = std::move(with);
  }
  return result;
}

}  // namespace noether::learn::symbolic
