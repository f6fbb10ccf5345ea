#pragma once

// Several laws at once, without a search over formulas: among the linear combinations of a library
// of functions phi_k, those whose rate of change D u, D_ij = grad phi_j(x_i) . v_i, vanishes, by
// the singular values of D in the metric of shuffled data. S. Brunton, J. Proctor and J. N. Kutz,
// "Discovering governing equations from data", PNAS 2016, seek right-hand sides in such a library;
// E. Kaiser, J. N. Kutz and S. L. Brunton, "Discovering conservation laws from data for control",
// CDC 2018, conserved quantities in its null space.

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "learn/discovery/library.h"
#include "learn/discovery/trajectories.h"
#include "learn/formula/expression.h"
#include "learn/formula/unit.h"

namespace noether::learn::symbolic {

struct NullSpaceOptions {
  LibraryOptions library = {};
  // An rms sine below this is a law. Exact data give 1e-9 and less, friction that takes half a per
  // cent of the energy in one oscillation 1e-3.
  double tolerance = 1e-6;
  // The same where states have offsets, once these are fitted.
  double offset_tolerance = 1e-4;
  std::function<void()> on_step = {};  // called now and then; may throw to end the search
  // A feature of which less than this is new is left out.
  double dependence = 1e-7;
  // A law is independent of others where at least this share of its gradient (root mean square over
  // the points) is outside the span of theirs.
  double independence = 1e-3;
  int max_points = 2000;  // more are thinned out evenly for the fit; rms sines are of all
};

// sum_k c_k phi_k with its rms sine: the root mean square of its rate of change by that with the
// velocities of other points; 0 conserved, 1 chance.
struct LinearLaw {
  Expression formula;
  double rms_sine = 1;
  std::vector<Expression> terms = {};  // phi_k
};

struct IndependentLaws {
  std::vector<LinearLaw> laws = {};        // simplest first; none is a function of the others
  std::vector<Expression> constants = {};  // functions that are one number on all data, independent
  int features = 0;                        // size of the library, with the shape where one was used
  double least_rms_sine = 1;               // the least of any function of the span, law or not
};

// The independent laws of the data. Shapes with an unknown number are tried where the plain library
// has no law. Where states have offsets (data.offset_variance), these are fitted with the laws, see
// conserved_span.h; then only whole trajectories of max_points in all are fitted. A limit is the
// spline of the denoising: of the double pendulum with 45 points in 3 s, nearly without noise, it
// leaves an rms sine of 2e-3 to 4e-3, too much for a law; with 90 points 9e-5, with 180 3e-6. A law
// counts only if, fitted to every second trajectory, it holds on the others. Throws DataError where
// the data are not finite, do not fit together or do not move, and UsageError where the library is
// too large.
IndependentLaws independent_laws(const Trajectories& data,
                                 std::span<const std::optional<Unit>> units,
                                 const NullSpaceOptions& options = {});

}  // namespace noether::learn::symbolic
