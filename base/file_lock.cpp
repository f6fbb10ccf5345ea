#include "base/file_lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <string>
#include <thread>
#include <utility>

#include "base/error.h"
#include "base/interrupt.h"

namespace noether::base {
namespace {

namespace fs = std::filesystem;

int opened(const fs::path& path, int flags, const std::string& context = "") {
  const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC, 0644);
  if (descriptor >= 0) return descriptor;
  throw DataError(
      fmt::format("{}'{}': cannot open: {}", context, path.string(), std::strerror(errno)));
}

// A lock is removed when it is done with: never what somebody keeps under that name.
void check_is_lock(int descriptor, const fs::path& path) {
  struct stat found {};
  if (fstat(descriptor, &found) == 0 && S_ISREG(found.st_mode) && found.st_size == 0) return;
  throw DataError(
      fmt::format("'{}' is in the way: a lock is an empty file, and that is none", path.string()));
}

// false where another has it
bool try_lock(int descriptor) {
  // another reason is one of the file system's, and none not to write
  return flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK;
}

void wait_for_lock(int descriptor) {
  while (!try_lock(descriptor)) {
    check_interrupt();
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

// whether the open file still has that name: its last owner removes it
bool has_name(int descriptor, const fs::path& path) {
  struct stat ours {
  }, named{};
  return fstat(descriptor, &ours) == 0 && stat(path.c_str(), &named) == 0 &&
         ours.st_dev == named.st_dev && ours.st_ino == named.st_ino;
}

}  // namespace

void lock_descriptor(int descriptor, const fs::path& path) {
  if (try_lock(descriptor)) return;
  throw DataError(fmt::format("'{}' is being written by another process", path.string()));
}

bool is_locked(const fs::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool locked =
      descriptor >= 0 && flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  if (descriptor >= 0) ::close(descriptor);
  return locked;
}

FileLock FileLock::of_folder(const fs::path& folder) {
  FileLock lock;
  lock.descriptor_ = opened(folder, O_RDONLY | O_DIRECTORY);
  lock_descriptor(lock.descriptor_, folder);
  return lock;
}

FileLock FileLock::of_output(const fs::path& output) { return of_output(output, false); }

FileLock FileLock::wait_for_output(const fs::path& output) { return of_output(output, true); }

FileLock FileLock::of_output(const fs::path& output, bool waits) {
  const fs::path path = output.string() + ".lock";
  for (;;) {
    FileLock lock;
    lock.descriptor_ = opened(path, O_RDWR | O_CREAT | O_NOFOLLOW,
                              fmt::format("cannot lock '{}': ", output.string()));
    check_is_lock(lock.descriptor_, path);
    if (waits) {
      wait_for_lock(lock.descriptor_);
    } else {
      lock_descriptor(lock.descriptor_, output);
    }
    if (!has_name(lock.descriptor_, path)) continue;
    lock.made_ = path;
    return lock;
  }
}

FileLock::~FileLock() {
  // first the name, so that whoever opens it anew makes another file
  if (!made_.empty()) ::unlink(made_.c_str());
  if (descriptor_ >= 0) ::close(descriptor_);
}

FileLock::FileLock(FileLock&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      made_(std::exchange(other.made_, fs::path())) {}

FileLock& FileLock::operator=(FileLock&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(made_, other.made_);
  return *this;
}

}  // namespace noether::base
