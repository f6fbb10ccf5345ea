#pragma once

// Trajectories in plain arrays, of NumPy or HDF5.

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "dataset/recording/trials.h"
#include "dataset/store/npy.h"

namespace noether::dataset {

// Which array is what.
struct ArrayNames {
  std::string state;                          // (N, T, D), or (T, D) of one trial
  std::string time = {};                      // (T), or (N, T); empty: steps of `dt`
  std::string derivative = {};                // shaped as the state; empty: none
  double dt = 0;                              // where there is no array of times
  std::vector<std::string> coordinates = {};  // D names; empty: x0, x1, ...
};

// Finds an array by its name; nothing where there is none.
using FindArray = std::function<std::optional<NumberArray>(const std::string& name)>;

// Throws DataError for an array that is not there or is of another shape, UsageError for names that
// do not fit. `known` are the arrays that there are, for errors.
Trials trials_of_arrays(const std::string& source, const ArrayNames& names, const FindArray& find,
                        const std::vector<std::string>& known);

// Of a .npz file, of a .npy file (whose one array is the state, whatever its name), or of an HDF5
// file.
Trials read_numpy_trials(const std::filesystem::path& path, const ArrayNames& names);
Trials read_hdf5_trials(const std::filesystem::path& path, const ArrayNames& names);

// The file of numbers in a folder of Minari: data/main_data.hdf5 or main_data.hdf5 in it; or the
// path itself, if that is a file. Throws DataError where there is none.
std::filesystem::path minari_file(const std::filesystem::path& path);

// Of that file: the episodes are the trials, of any length. Names are those within an episode:
// `observations`, (T, D), or `observations/state` where it is a group; an empty one is the only
// array of that form in it. Actions and rewards are not read.
Trials read_minari_trials(const std::filesystem::path& path, const ArrayNames& names);

}  // namespace noether::dataset
