#pragma once

// What a model outside this program is given: a plain HDF5 file, to be read by any language.
//
//   task.h5                                 float64 but for the indices
//     train/time         (T), or (n, T) where trajectories have times of their own
//     train/observation  (n, T, D)          the states as they were observed
//     train/state        (n, T, D)          denoised: what the models here learn from
//     train/derivative   (n, T, D)          dx/dt there
//     train/index        int64              the split: trajectories of the data, or points in time
//     test/time          (H), or (m, H)     0, dt, ..., up to the longest horizon
//     test/start         (m, D)             without noise
//     test/index         int64
//     A trajectory that ends before the longest is filled up with NaN.
//     attributes of the root: task (its fingerprint), system, coordinates, units, time_unit, step
//     (dt; the usual one where times are uneven), noise_std

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "bench/data/task.h"

namespace noether::bench {

struct OutsideTask {
  Task task = {};                                   // of the observations, float64, with horizons
  learn::Tensor states = {};                        // denoised
  std::vector<std::vector<double>> times = {};      // of each train trajectory
  std::vector<std::int64_t> train = {}, test = {};  // the splits
};

// Throws DataError and UsageError as load_task.
OutsideTask outside_task(const dataset::DatasetFile& file, const std::vector<double>& horizons);

// The SHA-256 of what is learned from and predicted: of the observations and derivatives of the
// train split, the test starts, dt or the usual step, and lengths and times where they differ.
// `task` holds observations, float64, and has horizons.
std::string fingerprint(const Task& task);

// Throws DataError.
void write_outside_task(const OutsideTask& task, const std::filesystem::path& path);

// Where a table looks for the task and the predictions of one run: "noise-0.1-seed-3".
std::string outside_folder(double noise, std::uint64_t seed);
inline constexpr const char* task_file = "task.h5";
inline constexpr const char* predictions_file = "predictions.h5";

}  // namespace noether::bench
