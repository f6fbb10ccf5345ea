#pragma once

// Measured trajectories (lipson.h) as a file of trajectories: a trial is one, its values as
// measured are both state and observation (noise_std 0: nothing was added), and dstate_dt is the
// forward difference (x[n+1] - x[n]) / (t[n+1] - t[n]) over the real dt, in its last row that of
// the row before. There are no invariants and no hamiltonian, and the system is "imported".
//
// Several trials are split by whole trial, as everywhere: the first 80 % train, the rest test. One
// trial is split along time instead: then splits/train, valid and test carry axis = "time" and hold
// indices of points (with start and stop, the first 80 % train), not of trajectories.

#include <filesystem>
#include <string>

#include "dataset/exchange/lipson.h"
#include "dataset/store/layout.h"
#include "dataset/store/schema.h"

namespace noether::dataset {

// The dataset of a record; `source_sha256` is that of the text it came from. Throws DataError where
// a difference overflows.
Layout lipson_layout(const LipsonRecord& record, const std::string& source_sha256);

// Makes the dataset file `output` from the text file `input`, and returns what was read. Throws
// DataError where the input cannot be read, or the output exists and `overwrite` is not set, or
// cannot be written.
LipsonRecord import_lipson(const std::filesystem::path& input, const std::filesystem::path& output,
                           bool overwrite = false);

}  // namespace noether::dataset
