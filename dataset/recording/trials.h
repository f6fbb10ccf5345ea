#pragma once

// Measured trajectories of one system, as they were brought, and what they say of their
// derivatives.

#include <optional>
#include <string>
#include <vector>

#include "dataset/recording/smoothing_spline.h"

namespace noether::dataset {

struct Trial {
  std::string name;                 // "3", for errors
  std::vector<double> times;        // (T), growing
  std::vector<double> values;       // (T, D), as measured
  std::vector<double> derivatives;  // (T, D); empty: not given
  bool continues = false;           // the trial before it, after a gap
};

// A number that is constant along each trial, such as a mass.
struct TrialParameter {
  std::string name;
  std::vector<double> values;  // one a trial
};

struct Trials {
  std::string source;                    // the file, for errors
  std::vector<std::string> coordinates;  // D
  std::vector<std::string> units;        // of them, "" where unknown
  std::vector<Trial> trials;
  std::vector<TrialParameter> parameters = {};
};

// Throws DataError where there is no trial, one has fewer than four points or a number that is not
// finite, times do not grow, or some trials have derivatives and others not.
void check_trials(const Trials& trials);

// Adds multiples of `turn` so that the coordinate never jumps by more than half of it.
void unwrap(Trials& trials, std::size_t coordinate, double turn);

// "q jumps by 6.283 in trial 3 at t = 1.2": where a coordinate looks like an angle that was wrapped
// at a full turn of 2 pi or 360. Nothing where none does. The trials passed check_trials.
std::optional<std::string> wrapped_angle(const Trials& trials);

// How derivatives are known.
inline constexpr const char* as_given = "given";
inline constexpr const char* by_smoothing = "smoothing spline";
inline constexpr const char* by_polynomials = "polynomials";

// What is known of states and derivatives, (T, D) of each trial.
struct KnownMotion {
  std::vector<std::vector<double>> states, derivatives;
  std::vector<double> noise;   // standard deviation of each coordinate's noise; 0: none was seen
  std::vector<double> misfit;  // of given derivatives, as known_motion says; empty of others
  std::string method;          // of the derivatives, as above
  // An estimate of the error of the derivatives over their size, root mean square over points, the
  // largest of all coordinates; 0 where they are given. Of polynomials it is the difference from
  // those through two points less; of splines what the noise does to them, and as much for bias.
  double relative_error = 0;
};

// Derivatives that are given stay, and so do states. What their integral leaves of the steps of a
// coordinate is noise where neighbouring steps are anticorrelated, as a noisy point makes them.
// Where they are alike, the derivative is not that of the values: `misfit` is what it leaves, as a
// share of the steps. Else, where smoothing (best_smoothing, a
// strength a coordinate) finds noise, both are those of the spline. Where it finds none, states
// stay, and a derivative is that of the polynomial through the nine nearest points, fewer where
// there are fewer (Fornberg, Mathematics of Computation 51, 1988).
//
// Where the noise on the values is stated, one number for all coordinates, none is estimated, and a
// spline leaves that much.
KnownMotion known_motion(const Trials& trials, std::optional<double> noise = {});

}  // namespace noether::dataset
