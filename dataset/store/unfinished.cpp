#include "dataset/store/unfinished.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

#include "base/error.h"

namespace noether::dataset {
namespace {

namespace fs = std::filesystem;

fs::path file_path(const fs::path& path, std::string_view extension) {
  return fmt::format("{}.{}", path.string(), extension);
}

fs::path new_partial_path(const fs::path& path) { return partial_path(path).string() + ".new"; }

// What is neither file nor link is none of ours. What a link leads to stays.
void remove_file(const fs::path& path) {
  std::error_code ignored;
  const fs::file_type type = fs::symlink_status(path, ignored).type();
  if (type == fs::file_type::regular || type == fs::file_type::symlink) fs::remove(path, ignored);
}

void remove_all_but_log(const fs::path& path) {
  remove_file(new_partial_path(path));
  for (const auto extension : block_file_extensions) remove_file(file_path(path, extension));
}

// A rename is on the disk when its folder is. Some folders cannot be synced, and need not be.
void sync_folder_of(const fs::path& path) {
  const fs::path folder = path.has_parent_path() ? path.parent_path() : ".";
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;  // one that may be written, but not read
  const bool is_synced = fsync(descriptor) == 0 || errno == EINVAL || errno == ENOSYS;
  const int reason = errno;
  ::close(descriptor);
  if (is_synced) return;
  throw base::DataError(
      fmt::format("'{}': cannot write: {}", folder.string(), std::strerror(reason)));
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
  BlockLog log = BlockLog::create(partial_path(path), path, block_file_extensions[0], header);
  remove_all_but_log(path);
  return {path, std::move(log), std::nullopt};
}

Unfinished Unfinished::resume(const fs::path& path) {
  std::optional<BlockLog> old = BlockLog::open(partial_path(path), path);
  if (!old) {
    throw base::DataError(
        fmt::format("'{}' was begun by another build", partial_path(path).string()));
  }
  const auto [first, second] = block_file_extensions;
  const auto extension = old->file() == file_path(path, first) ? second : first;
  remove_file(file_path(path, extension));
  remove_file(new_partial_path(path));
  BlockLog log = BlockLog::create(new_partial_path(path), path, extension, old->header());
  return {path, std::move(log), std::move(old)};
}

Unfinished::~Unfinished() {
  if (!old_) return;
  remove_file(log_.path());
  remove_file(log_.file());
}

void Unfinished::forget_old() {
  if (!old_) return;
  const fs::path file = old_->file();
  log_.sync();
  log_.rename(partial_path(path_));
  old_.reset();  // from here on, what stands is the new file
  sync_folder_of(path_);
  remove_file(file);
}

void Unfinished::finish() {
  std::error_code failure;
  fs::rename(file(), path_, failure);
  if (failure)
    throw base::DataError(fmt::format("'{}': cannot write: {}", path_.string(), failure.message()));
  sync_folder_of(path_);
  remove(path_);
}

}  // namespace noether::dataset
