#pragma once

// What the rows of the tables `real-pendulum` and `damped-pendulum` are made of: one record of a
// pendulum that loses energy, known at discrete times only.

#include <array>
#include <filesystem>
#include <span>
#include <string>

#include "bench/data/recording.h"
#include "bench/tables/field_training.h"

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

// The first 80 % of the points to learn from, the rest to predict from its first point, up to the
// values of the axis `horizon`. Laws are sought in central differences, whatever fields are learned
// from; rehearsals, for the row `meta-discovered` alone, are successive pieces of the train part,
// each as long as the longest horizon, none overlapping another. Throws DataError where one of the
// parts has no differences, or is shorter than the longest horizon though it must be predicted.
StateProblem make_recorded_problem(const Trial& trial, const Discretisation& discretisation,
                                   const RunContext& run);

// What the learned strength starts from: half of the way.
inline constexpr double initial_strength = 0.5;

// f + s (F - f), with F the field `projected` to conserve the oracle, trained on from `start` with
// s among its weights: conservation to a learned degree, 0 for none and 1 for all. Where fields are
// run by Runge-Kutta this is learn::projected_field with that strength.
struct StrengthField {
  TrainedField trained;
  double strength = 0;
};
StrengthField meta_train_strength(const StateProblem& problem, const learn::Params& start,
                                  const ReportStep& report);

// The share of its energy that a trajectory loses: the fall of the line of least squares through
// E(t) over all its times, divided by its height at the first. E is counted from the origin. Times
// without a state (undefined) are left out.
double energy_loss(const learn::Quantity& energy, std::span<const learn::Tensor> states);

// E of every row of x [n, d], counted from the origin.
std::vector<double> energies_above_origin(const learn::Quantity& energy, const learn::Tensor& x);

}  // namespace noether::bench
