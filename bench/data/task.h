#pragma once

// What a model of a state-space system is given and judged by, taken from one dataset file.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "bench/data/followed.h"
#include "dataset/store/dataset_file.h"
#include "learn/models/field.h"
#include "learn/tensor/tensor.h"
#include "learn/train/segments.h"

namespace noether::bench {

// What is constant along each trajectory, but differs between those of the train split.
struct TaskParameter {
  std::string name;
  std::string unit;
  std::vector<double> values;  // of each train trajectory
};

// N trajectories of T points each in d coordinates make [N * T, d]: row i * T + t is point t of
// trajectory i.
struct Task {
  std::string source = {};  // the file, for error messages
  std::string content_sha256 = {};
  std::string system = {};  // "pendulum"; need not be one of sim/
  std::vector<std::string> coordinates = {};
  std::vector<std::string> units = {};  // of the coordinates, "" where unknown
  // of the system: C numbers, or (m, C) where each of the m test trajectories has its own; empty
  // where sim/ does not know it
  std::vector<double> constants = {};
  // of the stored times; 0 where these are not evenly spaced or differ between trajectories
  double dt = 0;
  bool has_own_times = false;  // then, or where trajectories end at different times
  std::string time_unit = {};
  double noise_std = 0;        // of what is learned from, before it was denoised
  double offset_variance = 0;  // of the one offset a trajectory that denoising leaves

  // the train split
  std::int64_t trajectories = 0;
  std::int64_t samples = 0;                     // points of a trajectory, of the longest
  std::vector<std::int64_t> lengths = {};       // of each, where they differ
  std::vector<std::vector<double>> times = {};  // of the points of each; empty where is_recorded
  learn::Tensor x = {};                         // observations (noisy), or states where asked for
  learn::Tensor dx_dt = {};                     // noise-free, but of an import: differences of x
  std::string derivatives = {};  // how an import knows them (dataset/recording/trials.h)
  double derivative_error = 0;   // an estimate of their relative error there; 0: as exact
  // the observations where x is an import's smoothing spline of them, else undefined
  learn::Tensor observed = {};
  std::vector<TaskParameter> parameters = {};
  bool is_recorded = false;  // dx_dt are central differences of what was measured

  // the test split, noise-free; undefined where it is empty
  learn::Tensor test_x = {};
  learn::Tensor test_dx_dt = {};

  // Long-term prediction: from the noise-free test starts, [m, d] float64, the true states at 0,
  // dt, ..., up to the longest horizon, one tensor of that shape a time; undefined where nothing
  // was measured at that time, which the start never is. Rows are NaN where a trajectory has ended.
  std::vector<double> horizons = {};  // in units of time, ascending
  learn::Tensor starts = {};
  learn::Tensors truth = {};
  // where dt is 0: of each test trajectory the times of these states, from 0 on, and the median
  // step
  std::vector<std::vector<double>> own_times = {};
  std::vector<double> all_own_times = {};  // of all of them, beyond the horizons too
  double usual_step = 0;
  learn::Stepper stepper = learn::Stepper::rk4;  // how a field is stepped from there
  Followed followed = {};                        // whose drift tells how well it is kept

  std::int64_t dimension() const { return static_cast<std::int64_t>(coordinates.size()); }
};

struct TaskOptions {
  std::vector<double> horizons = {};  // none: training only, and no truth is computed
  bool noise_free = false;            // learn from states, not from observations
  bool denoise = false;  // from the observations, denoised (denoise.h) where they are noisy
  // Of one imported trial: from the points whose neighbours were recorded and central differences
  // there (recording.h), not from the forward differences of the file.
  bool central = false;
  learn::DType dtype = learn::DType::f32;  // of x, dx_dt, test_x and test_dx_dt
};

// Truth beyond the times of the file is integrated from the test starts by sim/. Throws DataError
// where the file is no trajectory dataset, holds a number that is not finite in what is used, or
// cannot serve the horizons: no test split, or a system that sim/ does not know; or where it cannot
// be denoised: fewer than four times.
// Throws UsageError for a horizon that is not positive, shorter than dt, or longer than 1e6 steps
// of it.
Task load_task(const dataset::DatasetFile& file, const TaskOptions& options = {});
Task load_task(const std::filesystem::path& path, const TaskOptions& options = {});

// How far the test trajectories reach, in units of time; then 10 / 3 as far, where sim/ can
// integrate the system. What to predict if nobody says. Throws DataError where there is no test
// split.
std::vector<double> default_horizons(const dataset::DatasetFile& file);

// The train split without its derivatives.
learn::ObservedMotion motion_of(const Task& task);

// Throws DataError where there is no train split to learn from.
void check_train_split(const Task& task);

// Whether the constants of the system differ between the test trajectories.
bool has_own_constants(const Task& task);

// Whether it was measured, or made, by somebody else.
bool is_imported(const Task& task);
// Whether test trajectory i has a true state at time n: none after its end.
bool has_truth(const Task& task, std::size_t n, std::size_t i);
// Whether time n of test trajectory i is within the horizon, and the last time that is and has a
// truth, or at which all trajectories have none.
bool is_within(const Task& task, std::size_t n, std::size_t i, double horizon);
std::size_t last_within(const Task& task, std::size_t i, double horizon);

// How many points each train trajectory has.
std::vector<std::int64_t> lengths_of(const Task& task);

// How many steps of dt fit into the horizon.
int steps_within(double horizon, double dt);

}  // namespace noether::bench
