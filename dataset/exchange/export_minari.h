#pragma once

// Episodes as a dataset of Minari (Farama Foundation), read by minari.load_dataset from 0.5.3 on:
//
//   FOLDER/data/metadata.json    what MinariStorage.read and MinariDataset expect
//   FOLDER/data/main_data.hdf5   one group an episode, attributes id, total_steps and seed
//     episode_0/observations/pixels   (T+1) rows of u1: frame t as the bytes of a PNG file; or,
//                                     where height or width is below 32 or frames are grey,
//                                     (T+1,H,W,C) u1
//     episode_0/observations/state    (T+1,3) f4
//     episode_0/actions               (T,1) f4
//     episode_0/rewards               (T) f8
//     episode_0/terminations, truncations   (T) bool
//
// A film that nothing drives has actions (T,0) and rewards of 0: Minari asks for both.
//
// Minari stores whatever is an image as rows of encoded bytes and decodes them with PIL, which
// tells the format from the bytes: PNG comes back without loss, where its own JPEG would not. It
// takes nothing below 32 pixels for an image.

#include <filesystem>
#include <string>

#include "dataset/exchange/export_folder.h"
#include "dataset/exchange/minari_metadata.h"
#include "dataset/store/dataset_file.h"

namespace noether::dataset {

// Writes the episodes of `file`, one in memory at a time. Returns the Minari id: that of `about`,
// or the name of the folder where that is one ("pixel-pendulum-v0"), else the system with "-v0".
// Throws UsageError for a file of trajectories and an id that is none, DataError as write_folder.
std::string export_minari(const DatasetFile& file, const std::filesystem::path& folder,
                          const ExportOptions& options = {}, const MinariAbout& about = {});

}  // namespace noether::dataset
