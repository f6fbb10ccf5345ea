#pragma once

// How well a field predicts: one step, and far ahead.

#include <optional>
#include <string>
#include <vector>

#include "bench/data/task.h"
#include "learn/models/field.h"

namespace noether::bench {

// Curves have one value for each time 0, dt, ..., up to the longest horizon. A number that is not
// finite means that the prediction diverged, or that there is no truth at that time.
struct Evaluation {
  // mean (f(x) - dx/dt)^2 over all noise-free test points; of a field alone
  std::optional<double> step_mse = {};
  std::vector<double> horizons;  // as in the task
  // At each horizon: sqrt of the mean squared error over trajectories, coordinates and all times up
  // to it that have a truth. Time 0 counts, with an error of zero, as in numpy's mean over the
  // whole rollout array.
  std::vector<double> rmse;
  // The same of each test trajectory by itself: [horizon][trajectory].
  std::vector<std::vector<double>> trajectory_rmse;
  std::vector<double> energy_drift;  // at the last time within each horizon
  std::vector<double> time;
  std::vector<double> rmse_curve;  // sqrt(mean over trajectories and coordinates) at each time
  // Mean over trajectories of |E(prediction) - E(truth)|, divided by the largest |E| among the test
  // starts. If the system conserves E, this is the drift from E(0). E is what the task follows
  // (bench/data/followed.h); empty where it follows nothing. NaN where some prediction has no E: a
  // light ray beyond r^2 = 2, where n is imaginary.
  std::vector<double> drift_curve;
  double drift_scale = 0;    // that largest |E|
  std::string drift_of;      // the name of E: "energy", "angular_momentum", a formula
  learn::Tensors predicted;  // the states, one tensor [m, d] a time
};

// Steps the field from the test starts, by the task's stepper and dt, in the precision of the
// weights. The field may be any function, such as one that tailors at every stage. Every state may
// be corrected after its step. Throws ShapeError where the field does not return the task's
// dimension.
Evaluation evaluate_field(const learn::Field& field, const learn::Params& params, const Task& task,
                          const learn::AfterStep& after_step = {});

// The same of states that were predicted: one tensor [m, d] a time of the truth, or more.
Evaluation evaluate_predictions(learn::Tensors predicted, const Task& task);

// mean (f(x) - dx/dt)^2, x [n, d], computed in pieces of rows, and summed in double precision.
double step_mse(const learn::Field& field, const learn::Params& params, const learn::Tensor& x,
                const learn::Tensor& dx_dt);

// The share of the variance of dx/dt over these points that f does not explain, the mean over
// coordinates: 0 is exact, and 1 what the mean of dx/dt would give.
double unexplained(const learn::Field& field, const learn::Params& params, const learn::Tensor& x,
                   const learn::Tensor& dx_dt);

}  // namespace noether::bench
