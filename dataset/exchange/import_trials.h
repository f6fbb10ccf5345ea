#pragma once

// Measured trajectories (dataset/recording/trials.h) as a file of trajectories: a trial is one. Its
// values as measured are the observation. The state is what is known without noise: the same, or
// the smoothing spline where no derivatives are given and noise is seen. There are no invariants
// and no hamiltonian, and the system is "imported". Several trials are split by whole trial, the
// first `train_share` train and the rest test; one trial is split along time, as in
// import_lipson.h, or by its pieces where it has gaps.
//
// Trials of unequal length or with times of their own make a file of schema version 1.1.0
// (store/schema.h): `trajectories/length` and `trajectories/time`.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dataset/recording/trials.h"
#include "dataset/store/layout.h"

namespace noether::dataset {

// Arrays of N trajectories of T points in D coordinates, and how the file words them.
struct RecordedArrays {
  std::vector<std::string> coordinates;
  AttributeValue units;       // of the coordinates: a text for all, or one each
  AttributeValue rate_units;  // of the derivatives
  std::vector<double> times;  // (T)
  std::string time_unit, time_description;
  std::int64_t count = 0;                              // N
  std::vector<double> state, observation, derivative;  // (N, T, D)
  std::string state_description, observation_description, derivative_description;
  double derivative_error = 0;  // as KnownMotion::relative_error
  double noise_std = 0;
  std::vector<TrialParameter> parameters = {};
  std::vector<std::int64_t> lengths = {};  // (N), where they differ: what follows is NaN
  std::vector<double> own_times = {};      // (N, T), where they differ
  // which trial a trajectory is a piece of, where some trial has several
  std::vector<std::int64_t> trial_of = {};
  double train_share = 0.8;
};

// The arrays of the file but those of its provenance, and the attributes that say their extents.
std::vector<Array> recorded_arrays(const RecordedArrays& recorded);
std::vector<Attribute> recorded_attributes(const RecordedArrays& recorded);

struct ImportOptions {
  std::string format;         // "csv", in dataset_name "imported/csv"
  std::string command_line;   // without paths
  std::string source_sha256;  // of the file that was read
  std::string time_unit = {};
  std::optional<double> noise = {};  // standard deviation of the noise, where it is stated
  double train_share = 0.8;
};

struct ImportedFile {
  Layout layout;
  KnownMotion known;
};

// Throws DataError as check_trials.
ImportedFile imported_file(const Trials& trials, const ImportOptions& options);

}  // namespace noether::dataset
