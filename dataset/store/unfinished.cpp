#include "dataset/store/unfinished.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <utility>

#include "base/error.h"

namespace noether::dataset {
namespace {

namespace fs = std::filesystem;

// of the HDF5 file, in turn
constexpr std::array extensions{"unfinished", "resuming"};

fs::path file_path(const fs::path& path, const char* extension) {
  return path.string() + "." + extension;
}

fs::path new_partial_path(const fs::path& path) { return partial_path(path).string() + ".new"; }

// what is no file is none of ours
void remove_file(const fs::path& path) {
  std::error_code ignored;
  if (fs::symlink_status(path, ignored).type() == fs::file_type::regular) fs::remove(path, ignored);
}

void remove_all_but_log(const fs::path& path) {
  remove_file(new_partial_path(path));
  for (const char* extension : extensions) remove_file(file_path(path, extension));
}

// A rename is on the disk when its folder is. Some folders cannot be synced.
void sync_folder_of(const fs::path& path) {
  const fs::path folder = path.has_parent_path() ? path.parent_path() : ".";
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  fsync(descriptor);
  ::close(descriptor);
}

}  // namespace

fs::path partial_path(const fs::path& path) { return path.string() + ".partial"; }

bool Unfinished::exists(const fs::path& path) {
  const fs::path partial = partial_path(path);
  return fs::exists(partial) && !fs::is_empty(partial);
}

std::optional<std::string> Unfinished::header_of(const fs::path& path) {
  const auto log = BlockLog::open(partial_path(path), path);
  return log ? std::optional(log->header()) : std::nullopt;
}

// the log first: without it nothing points into the files
void Unfinished::remove(const fs::path& path) {
  remove_file(partial_path(path));
  remove_all_but_log(path);
}

Unfinished::Unfinished(fs::path path, BlockLog log, std::optional<BlockLog> old)
    : path_(std::move(path)), log_(std::move(log)), old_(std::move(old)) {}

// the log first: it tells whether another process is writing
Unfinished Unfinished::begin(const fs::path& path, const std::string& header) {
  BlockLog log = BlockLog::create(partial_path(path), path, extensions[0], header);
  remove_all_but_log(path);
  return {path, std::move(log), std::nullopt};
}

Unfinished Unfinished::resume(const fs::path& path) {
  std::optional<BlockLog> old = BlockLog::open(partial_path(path), path);
  if (!old) {
    throw base::DataError(
        fmt::format("'{}' was begun by another build", partial_path(path).string()));
  }
  const bool is_first = old->file() == file_path(path, extensions[0]);
  BlockLog log =
      BlockLog::create(new_partial_path(path), path, extensions[is_first ? 1 : 0], old->header());
  return {path, std::move(log), std::move(old)};
}

Unfinished::~Unfinished() {
  if (!old_) return;
  remove_file(log_.path());
  remove_file(log_.file());
}

void Unfinished::forget_old() {
  if (!old_) return;
  log_.sync();
  log_.rename(partial_path(path_));
  sync_folder_of(path_);
  const fs::path file = old_->file();
  old_.reset();
  remove_file(file);
}

void Unfinished::finish() {
  std::error_code failure;
  fs::rename(file(), path_, failure);
  if (failure)
    throw base::DataError(fmt::format("'{}': cannot write: {}", path_.string(), failure.message()));
  remove(path_);
}

}  // namespace noether::dataset
