#pragma once

// Several laws at once, without a search over formulas.
//
// A library holds functions phi_1, phi_2, ... of the state. A law is a linear combination
// f = sum_k u_k phi_k that does not change along the trajectories. At point i, with velocity v_i,
// f changes at the rate (D u)_i, where D_ij = grad phi_j(x_i) . v_i. So the laws are the null space
// of D. It is found by the singular values of the ratio |D u| / |R u|, where |R u| is the size of
// the gradient of f in the metric of feature_space.h. That metric stands for shuffled data: it says
// how much f would change if the velocities were dealt out to other points. The ratio keeps small
// and constant functions from looking like laws.
//
// S. Brunton, J. Proctor and J. N. Kutz, "Discovering governing equations from data", PNAS 2016,
// look for right-hand sides in such a library. E. Kaiser, J. N. Kutz and S. L. Brunton,
// "Discovering conservation laws from data for control", CDC 2018, look for conserved quantities in
// its null space.

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "learn/discovery/change.h"
#include "learn/discovery/library/library.h"
#include "learn/discovery/trajectories.h"
#include "learn/formula/expression.h"
#include "learn/formula/unit.h"

namespace noether::learn::symbolic {

struct NullSpaceOptions {
  LibraryOptions library = {};
  // Of monomials, where states are exact, and lower degrees and shapes have no law.
  int highest_degree = 4;
  // An rms sine below this is a law. Exact data give 1e-9 and less. Friction gives 1e-3 where it
  // takes half a per cent of the energy in one oscillation.
  double tolerance = 1e-6;
  // The same where states have offsets, once these are fitted.
  double offset_tolerance = 1e-4;
  std::function<void()> on_step = {};  // called now and then; may throw to end the search
  // The next two bound the same ratio: the part of a gradient that other gradients do not span,
  // divided by the whole gradient, as root mean squares over the points.
  // A feature with a ratio below this, to the features before it, is left out.
  double dependence = 1e-7;
  // A law with a ratio below this, to the other laws, is no law of its own.
  double independence = 1e-3;
  int max_points = 2000;  // more are thinned out evenly for the fit; rms sines are of all
};

// A law sum_k c_k phi_k. Its rms sine is a ratio of two root mean squares: how fast it changes
// along the trajectories, divided by how fast it would change with the velocities of other points.
// 0 is conserved, 1 is chance.
struct LinearLaw {
  Expression formula;
  double rms_sine = 1;
  std::vector<Expression> terms = {};     // phi_k
  std::vector<double> coefficients = {};  // c_k, before they were rounded
  // Where states have offsets: of those that this law asks for when it is alone.
  OffsetSize offset_size = {};
  std::optional<Change> change = {};
};

struct IndependentLaws {
  std::vector<LinearLaw> laws = {};        // simplest first; none is a function of the others
  std::vector<Expression> constants = {};  // functions that are one number on all data, independent
  int features = 0;                        // size of the library, with the shape where one was used
  // The least of any function of the span, law or not. Where there is no law, on the half of the
  // trajectories that it was not fitted to: many functions come near to a law on those that it was.
  double least_rms_sine = 1;
};

// The independent laws of the data. A law counts only if, fitted to every second trajectory, it
// holds on the others. What is looked through where states are exact: see exact_laws.h.
//
// Where states have offsets (data.offset_variance), these are fitted with the laws, see
// conserved_span.h. Then only whole trajectories are fitted, of max_points in all. The spline of
// the denoising sets a limit. For the double pendulum, nearly without noise, it leaves an rms sine
// of 2e-3 to 4e-3 with 45 points in 3 s, too much for a law; 9e-5 with 90 points, 3e-6 with 180.
//
// Throws DataError where the data are not finite, do not fit together or do not move.
IndependentLaws independent_laws(const Trajectories& data,
                                 std::span<const std::optional<Unit>> units,
                                 const NullSpaceOptions& options = {});

}  // namespace noether::learn::symbolic
