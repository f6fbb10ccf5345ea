#pragma once

// What every export of a dataset into a folder of files has in common.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <set>
#include <string>

namespace noether::dataset {

struct ExportOptions {
  bool overwrite = false;  // replace the folder, if an export wrote it
  int jobs = 0;            // threads, 0: one per processor; never changes a byte
  // told how many trajectories or episodes of `total` are written
  std::function<void(std::int64_t done, std::int64_t total)> on_progress = {};
};

// Makes `folder`, under its lock (base/file_lock.h), by calling write(path of a temporary folder
// beside it) and renaming that, so that it appears whole or not at all. `files` are the paths,
// inside it, that such an export may hold: `overwrite` replaces a folder that holds nothing else.
// Throws DataError where the folder exists and may not be replaced, its parent does not exist,
// another process writes it, or the disk is full; UsageError where it has no name (".").
void write_folder(const std::filesystem::path& folder, bool overwrite,
                  const std::set<std::string>& files,
                  const std::function<void(const std::filesystem::path&)>& write);

// Throws what write_folder would before it writes: for work that takes long to refuse at its start.
void check_folder(const std::filesystem::path& folder, bool overwrite,
                  const std::set<std::string>& files);

// `folder` without a slash at its end.
std::filesystem::path folder_path(const std::filesystem::path& folder);

}  // namespace noether::dataset
