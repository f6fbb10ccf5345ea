#include "learn/discovery/library/exact_laws.h"

#include <algorithm>
#include <utility>

#include "learn/discovery/library/laws_among.h"
#include "learn/discovery/library/shape_search.h"
#include "learn/discovery/library/subsets.h"

namespace noether::learn::symbolic {
namespace {

using Units = std::span<const std::optional<Unit>>;

double worst_rms_sine(const IndependentLaws& of) {
  double worst = 0;
  for (const LinearLaw& law : of.laws) worst = std::max(worst, law.rms_sine);
  return worst;
}

bool occurs(int column, const Expression& e) {
  return std::ranges::any_of(
      e.nodes(), [column](const Node& n) { return n.op == Op::input && n.index == column; });
}

// Whether each coordinate is in a law or a constant.
bool all_occur(const IndependentLaws& found, std::int64_t dimension) {
  for (int column = 0; column < dimension; ++column) {
    const bool in_law = std::ranges::any_of(
        found.laws, [column](const LinearLaw& law) { return occurs(column, law.formula); });
    const bool in_constant = std::ranges::any_of(
        found.constants, [column](const Expression& e) { return occurs(column, e); });
    if (!in_law && !in_constant) return false;
  }
  return true;
}

// So many that usable() leaves all of the plain library.
NullSpaceOptions enough_points(const Trajectories& data, Units units, NullSpaceOptions options) {
  const std::size_t size = library_size(data, units, fitting(data, units, options.library));
  options.max_points = std::max(options.max_points, 10 * static_cast<int>(size));
  return options;
}

class Stages {
 public:
  Stages(const Trajectories& data, Units units, const NullSpaceOptions& options)
      : data_(data),
        units_(units),
        options_(enough_points(data, units, options)),
        problem_(problem_of(data, options_)) {}

  IndependentLaws run() {
    const LibraryOptions plain = fitting(data_, units_, options_.library);
    look_through(feature_library(data_, units_, plain).features);
    higher_degrees();
    if (!is_full()) {
      LibraryOptions with = plain;
      with.logarithms = true;
      const Library library = feature_library(data_, units_, with);
      if (library.features.size() > library_size(data_, units_, plain))
        look_through(library.features);
    }
    if (is_settled()) return std::move(best_);
    const auto turned =
        library_with_angles(data_, units_, plain, static_cast<std::size_t>(plain.max_features));
    if (turned) look_through(turned->features);
    if (is_settled()) return std::move(best_);
    const Library library = feature_library(data_, units_, plain);
    look_through(library, library.exponentials);
    // with many functions a shape takes seconds
    const bool few = turned && turned->features.size() <= 150 && data_.dimension() < 4;
    if (!is_settled()) look_through(few ? *turned : library, (few ? *turned : library).shapes);
    return std::move(best_);
  }

 private:
  void look_through(std::span<const Expression> features) {
    if (options_.on_step) options_.on_step();
    consider(laws_among(problem_, features));
  }

  void look_through(const Library& library, std::span<const Shape> shapes) {
    if (library.features.empty() || shapes.empty()) return;
    const Trajectories few = thinned(data_, 300);
    const ShapeSearch search{library, few, problem_.shape, options_.dependence,
                             conserved_among(library.features, few)};
    for (const Shape& shape : shapes) {
      if (options_.on_step) options_.on_step();
      for (const FittedShape& fitted : fitted_shapes(search, shape, options_.tolerance)) {
        if (fitted.score <= options_.tolerance)
          consider(laws_among(problem_, with_shape(library, shape, fitted.c)));
      }
    }
  }

  // How many functions are conserved, functions of one another too.
  std::int64_t conserved_among(std::span<const Expression> features,
                               const Trajectories& few) const {
    const Slopes s = slopes(finite_features(features, few), few, problem_.shape);
    const Basis b = basis(s, options_.dependence);
    std::int64_t count = 0;
    while (least_score(b, count) <= options_.tolerance) ++count;
    return count;
  }

  // Energies of a higher degree, where nothing simpler is conserved.
  void higher_degrees() {
    LibraryOptions higher = options_.library;
    const auto most = std::min<std::size_t>(
        static_cast<std::size_t>(problem_.fitted.points() / 5),  // see usable()
        static_cast<std::size_t>(higher.max_features));
    while (best_.laws.empty() && ++higher.degree <= options_.highest_degree) {
      if (library_size(data_, units_, higher) > most) break;
      look_through(feature_library(data_, units_, higher).features);
    }
  }

  void consider(IndependentLaws found) {
    found.least_rms_sine = std::min(found.least_rms_sine, best_.least_rms_sine);
    const bool is_first = best_.features == 0;
    const bool is_better = found.laws.size() > best_.laws.size() ||
                           (!found.laws.empty() && found.laws.size() == best_.laws.size() &&
                            worst_rms_sine(found) < 1e-3 * worst_rms_sine(best_) && !is_exact());
    if (is_first || is_better) {
      best_ = std::move(found);
    } else if (best_.laws.empty()) {
      best_.features = std::max(best_.features, found.features);
      best_.least_rms_sine = found.least_rms_sine;
    }
  }

  // As near to zero as rounding, or as the derivatives allow.
  bool is_exact() const {
    constexpr double rounding = 1e-11;
    const bool estimated = options_.tolerance > NullSpaceOptions().tolerance;
    return worst_rms_sine(best_) <= (estimated ? options_.tolerance : rounding);
  }

  bool is_full() const {
    return is_exact() && std::ssize(best_.laws) + std::ssize(best_.constants) >=
                             data_.dimension() - data_.parameters - 1;
  }

  bool is_settled() const {
    return !best_.laws.empty() && is_exact() && (is_full() || all_occur(best_, data_.dimension()));
  }

  const Trajectories& data_;
  Units units_;
  const NullSpaceOptions options_;
  NullSpaceProblem problem_;
  IndependentLaws best_ = {};
};

}  // namespace

IndependentLaws exact_laws(const Trajectories& data, Units units, const NullSpaceOptions& options) {
  return Stages(data, units, options).run();
}

std::optional<Library> library_with_angles(const Trajectories& data, Units units,
                                           const LibraryOptions& options, std::size_t most) {
  LibraryOptions turned = options;
  turned.unknown_angles = true;
  const bool all_known =
      std::ranges::all_of(units, [](const std::optional<Unit>& unit) { return unit.has_value(); });
  if (all_known || library_size(data, units, turned) > most) return std::nullopt;
  return feature_library(data, units, turned);
}

}  // namespace noether::learn::symbolic
