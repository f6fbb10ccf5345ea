#include "dataset/exchange/export_folder.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/file_lock.h"
#include "base/output_file.h"

namespace noether::dataset {
namespace {

namespace fs = std::filesystem;

// where a folder is while another takes its place
fs::path replaced_path(const fs::path& folder) { return folder.string() + ".replaced"; }

// throws unless everything in the folder may have been written by an export of this kind
void check_replaceable(const fs::path& folder, const std::set<std::string>& files) {
  if (!fs::is_directory(folder))
    throw base::DataError(fmt::format("'{}' is not a folder", folder.string()));
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const std::string inside = entry.path().lexically_relative(folder).generic_string();
    const bool expected = entry.is_directory() || files.contains(inside);
    if (!expected) {
      throw base::DataError(
          fmt::format("'{}' holds '{}', which this export does not write: it is not replaced",
                      folder.string(), inside));
    }
  }
}

}  // namespace

void check_folder(const fs::path& folder, bool overwrite, const std::set<std::string>& files) {
  base::check_output_name(folder);
  const fs::path target = folder_path(folder);
  const fs::path name = target.filename();
  if (name.empty() || name == "." || name == "..") {
    throw base::UsageError(
        fmt::format("'{}' does not name a folder that can be made", target.string()));
  }
  const fs::path parent = target.has_parent_path() ? target.parent_path() : ".";
  if (!fs::is_directory(parent))
    throw base::DataError(fmt::format("the folder '{}' does not exist", parent.string()));
  if (!fs::exists(target)) return;
  if (!overwrite)
    throw base::DataError(fmt::format("'{}' exists: --overwrite replaces it", target.string()));
  check_replaceable(target, files);
  // a killed export may have left one
  const fs::path old = replaced_path(target);
  if (fs::exists(old)) check_replaceable(old, files);
}

namespace {

void put_in_place(const fs::path& assembly, const fs::path& folder) {
  const fs::path old = replaced_path(folder);
  const bool replaces = fs::exists(folder);
  if (replaces) {
    fs::remove_all(old);
    fs::rename(folder, old);
  }
  std::error_code failure;
  fs::rename(assembly, folder, failure);
  if (failure) {
    if (replaces) fs::rename(old, folder);
    throw base::DataError(
        fmt::format("'{}': cannot write: {}", folder.string(), failure.message()));
  }
  if (replaces) fs::remove_all(old);
}

}  // namespace

fs::path folder_path(const fs::path& folder) {
  return folder.has_filename() ? folder : folder.parent_path();
}

void write_folder(const fs::path& folder, bool overwrite, const std::set<std::string>& files,
                  const std::function<void(const fs::path&)>& write) {
  const fs::path target = folder_path(folder);
  const fs::path assembly = base::assembly_path(target);
  check_folder(target, overwrite, files);
  const base::FileLock lock = base::FileLock::of_output(target);
  check_folder(target, overwrite, files);
  // a killed export may have left one
  if (fs::exists(assembly)) {
    check_replaceable(assembly, files);
    fs::remove_all(assembly);
  }
  try {
    fs::create_directory(assembly);
    write(assembly);
    put_in_place(assembly, target);
  } catch (...) {
    std::error_code ignored;
    fs::remove_all(assembly, ignored);
    throw;
  }
}

}  // namespace noether::dataset
