#pragma once

// Datasets as comma-separated values, for tools that read nothing else. Numbers have the shortest
// decimal form that reads back as the same double (float32 is written as the double of the same
// value), so no bit is lost; a value that does not exist is an empty field.
//
//   FOLDER/trajectories.csv   trajectory, t, the coordinates of the state, then of the observation
//                             (q_obs), of the derivative (dq_dt), and the invariants, and the
//                             split; one row a trajectory and time
//   FOLDER/episodes.csv       episode, t, theta, theta_dot, the observation (obs_cos_theta,
//                             obs_sin_theta, obs_theta_dot), then action, reward, terminated and
//                             truncated of the step that begins at t, which the last row lacks, and
//                             the split; no pixels
//   FOLDER/metadata.json      attributes of the file, units and meaning of every column, splits,
//                             and what there is once a trajectory or episode

#include <filesystem>
#include <string>

#include "dataset/exchange/export_folder.h"
#include "dataset/store/dataset_file.h"

namespace noether::dataset {

// Writes the table of the file's kind (make/kind.h) block by block, and returns what it holds: "all
// arrays". Throws DataError as write_folder.
std::string export_csv(const DatasetFile& file, const std::filesystem::path& folder,
                       const ExportOptions& options = {});

}  // namespace noether::dataset
