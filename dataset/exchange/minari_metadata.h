#pragma once

// metadata.json of a Minari dataset.

#include <cstdint>
#include <string>

#include "dataset/store/dataset_file.h"

namespace noether::dataset {

// What the user says of the dataset; what is empty is left out.
struct MinariAbout {
  std::string id = {};  // "NAMESPACE/NAME-vN"
  std::string author = {};
  std::string author_email = {};
  std::string code = {};  // a link to the code that made the dataset
};

struct MinariSize {
  std::int64_t episodes = 0;
  std::int64_t steps = 0;  // of all episodes
  std::int64_t bytes = 0;  // of main_data.hdf5
};

// The id that Minari gives a dataset in a folder of this name: the name itself if it has the form
// NAME-vN, else `system` with "-v0".
std::string minari_id(const std::string& folder_name, const std::string& system);

// Throws UsageError unless `id` has the form NAME-vN, with or without NAMESPACE/ before it.
void check_minari_id(const std::string& id);

// Whether frames of a pixel array of shape (E, T+1, H, W, C) are stored as Minari's images: colored
// ones of at least 32 pixels.
bool is_minari_image(const Shape& shape);

// The text of metadata.json. `env_spec` is stated only where the environment is the one that
// Gymnasium makes. Throws DataError where a space of the file is not Minari's JSON.
std::string minari_metadata(const DatasetFile& file, const MinariAbout& about,
                            const MinariSize& size);

}  // namespace noether::dataset
