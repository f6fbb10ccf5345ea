#pragma once

// metadata.json of a Minari dataset.

#include <cstdint>
#include <string>

#include "dataset/store/dataset_file.h"

namespace noether::dataset {

struct MinariSize {
  std::int64_t episodes = 0;
  std::int64_t steps = 0;  // of all episodes
  std::int64_t bytes = 0;  // of main_data.hdf5
};

// The id that Minari gives a dataset in a folder of this name: the name itself if it has the form
// NAME-vN, else `system` with "-v0".
std::string minari_id(const std::string& folder_name, const std::string& system);

// The text of metadata.json. `env_spec` is stated only where the environment is the one that
// Gymnasium makes. Throws DataError where a space of the file is not Minari's JSON.
std::string minari_metadata(const DatasetFile& file, const std::string& id, const MinariSize& size);

}  // namespace noether::dataset
