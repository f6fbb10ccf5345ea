#pragma once

// What the rows of the tables `real-pendulum` and `damped-pendulum` are made of: one record of a
// pendulum that loses energy, known at discrete times only.

#include <array>
#include <filesystem>
#include <span>
#include <string>

#include "bench/data/recording.h"
#include "bench/tables/fields/field_training.h"

namespace noether::bench {

// A record, and its states without noise: the measured ones where nothing better is known.
struct Trial {
  Recording measured;
  Recording truth;
  std::vector<std::string> units = {};  // of the coordinates
  learn::Quantity energy = {};          // what friction takes; its minimum is at the origin
};

// The recorded pendulum: angle o and angular velocity v, energy v^2 - 2.4 cos o. Throws DataError
// where read_recording does, or the coordinates have other names.
Trial read_trial(const std::filesystem::path& path);

// One trajectory of the dataset damped-pendulum that resembles that record, if twice as fast: 568
// points 1/12 s apart, observed with noise of that standard deviation.
Trial generate_trial(double noise, std::uint64_t seed);

// How a field is learned from points in discrete time, and how it is then run.
struct Discretisation {
  std::string prefix;  // of its rows: "euler-"
  Differences differences;
  learn::Stepper stepper;
};
const std::array<Discretisation, 2>& discretisations();

// The first 80 % of the points are to learn from. The rest is predicted from its first point, up to
// the values of the axis `horizon`. Laws are always sought in central differences, whatever the
// fields are learned from. Rehearsals are for the row `meta-discovered` alone: successive pieces of
// the train part, as long as the longest horizon, without overlap. Throws DataError where one of
// the parts has no differences, or must be predicted and is shorter than the longest horizon.
StateProblem make_recorded_problem(const Trial& trial, const Discretisation& discretisation,
                                   const RunContext& run);

// What the learned strength starts from: half of the way.
inline constexpr double initial_strength = 0.5;

// Conservation to a learned degree: f + s (F - f), where F is the field `projected` to conserve the
// oracle. s = 0 conserves nothing, s = 1 all. s is trained with the weights, from `start`. Where
// fields are run by Runge-Kutta, this is learn::projected_field with strength s.
struct StrengthField {
  TrainedField trained;
  double strength = 0;
};
StrengthField meta_train_strength(const StateProblem& problem, const learn::Params& start,
                                  const ReportStep& report);

// The share of its energy that a trajectory loses. A line of least squares is put through E(t); its
// fall over all times is divided by its height at the first. E is counted from the origin. Times
// without a state (undefined) are left out.
double energy_loss(const learn::Quantity& energy, std::span<const learn::Tensor> states);

// E of every row of x [n, d], counted from the origin.
std::vector<double> energies_above_origin(const learn::Quantity& energy, const learn::Tensor& x);

}  // namespace noether::bench
