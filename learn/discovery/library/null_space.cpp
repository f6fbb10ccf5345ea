#include "learn/discovery/library/null_space.h"

#include <algorithm>

#include "learn/discovery/library/alone.h"
#include "learn/discovery/library/conserved_span.h"
#include "learn/discovery/library/exact_laws.h"
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

// Without a shape.
IndependentLaws plain_noisy_laws(const NoisyData& data, const Library& library,
                                 const NullSpaceOptions& options) {
  const Trajectories& given = data.constrained;
  SpanOptions several{.tolerance = options.offset_tolerance, .dependence = options.dependence};
  several.starts = 6;
  const std::vector<Expression> plain = usable(problem_of(given, options), library.features);
  const auto features = [&](double) { return plain; };
  const ConservedSpan span = conserved_span(given, features, 0, false, several);
  IndependentLaws result = laws_with_offsets(data, features, span, false, options);
  if (span.functions == 0) result.least_rms_sine = span.rms_sine;
  return result;
}

// With each of the shapes; the most laws, kept best.
IndependentLaws shaped_noisy_laws(const NoisyData& data, const Library& library,
                                  const NullSpaceOptions& options) {
  const Trajectories& given = data.constrained;
  // with a number more, functions that are not conserved come nearer to it: 1.8e-5 was seen
  NullSpaceOptions strict = options;
  strict.offset_tolerance = options.offset_tolerance / 10;
  const SpanOptions strict_span{.tolerance = strict.offset_tolerance,
                                .dependence = options.dependence};
  const std::int64_t most = given.points() / 5;  // as usable() leaves of the plain ones
  const ShapeSearch search{library, thinned(given, 300), metric(given), options.dependence};
  IndependentLaws best;
  for (const Shape& shape : library.shapes) {
    if (options.on_step) options.on_step();
    const auto shaped = [&](double c) {
      std::vector<Expression> features = with_shape(library, shape, c);
      if (std::ssize(features) > most) features.resize(static_cast<std::size_t>(most), features[0]);
      return features;
    };
    const std::vector<FittedShape> starts = fitted_shapes(search, shape, options.offset_tolerance);
    const double start = starts.empty() ? shape.start + shape.least : starts.front().c;
    const ConservedSpan span = conserved_span(given, shaped, start, true, strict_span);
    if (span.functions == 0) continue;
    IndependentLaws with = laws_with_offsets(data, shaped, span, true, strict);
    if (is_better(with, best)) best = std::move(with);
  }
  return best;
}

using Units = std::span<const std::optional<Unit>>;

IndependentLaws noisy_laws(const Trajectories& all, Units units, const NullSpaceOptions& options) {
  const NoisyData data{fewer(all, options.max_points),
                       fewer(without_constant_offsets(all), options.max_points)};
  // a fit of more functions takes minutes
  constexpr std::size_t most = 150;
  LibraryOptions few = options.library;
  few.max_features = static_cast<int>(most);
  const Library plain = feature_library(all, units, fitting(all, units, few));
  IndependentLaws result = plain_noisy_laws(data, plain, options);
  if (!result.laws.empty()) return result;
  constexpr std::size_t most_turned = 60;
  few.max_features = static_cast<int>(most_turned);
  const std::optional<Library> turned = library_with_angles(all, units, few, most_turned);
  if (turned) {
    IndependentLaws with = plain_noisy_laws(data, *turned, options);
    if (with.laws.empty())
      with.least_rms_sine = std::min(with.least_rms_sine, result.least_rms_sine);
    result = std::move(with);
  }
  if (!result.laws.empty()) return result;
  IndependentLaws with =
      shaped_noisy_laws(data, turned && all.dimension() < 4 ? *turned : plain, options);
  return with.laws.empty() ? result : with;
}

}  // namespace

IndependentLaws independent_laws(const Trajectories& data,
                                 std::span<const std::optional<Unit>> units,
                                 const NullSpaceOptions& options) {
  check_trajectories(data);
  return data.offset_variance > 0 ? noisy_laws(data, units, options)
                                  : exact_laws(data, units, options);
}

}  // namespace noether::learn::symbolic
