#include "base/background_sync.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "base/error.h"

namespace noether::base {
namespace {

constexpr std::size_t bytes_at_once = 32 << 20;

// 0, or errno; some files cannot be synced, and need not be
int sync_data(int descriptor) {
  if (fdatasync(descriptor) == 0 || errno == EINVAL || errno == ENOSYS) return 0;
  return errno;
}

}  // namespace

BackgroundSync::BackgroundSync(int descriptor, std::filesystem::path path)
    : descriptor_(descriptor),
      path_(std::move(path)),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

void BackgroundSync::wrote(std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  check();
  waiting_ += bytes;
  if (waiting_ >= bytes_at_once) enough_.notify_one();
}

void BackgroundSync::finish() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
  check();
}

void BackgroundSync::check() const {
  if (error_ == 0) return;
  throw DataError(fmt::format("'{}': cannot write: {}", path_.string(), std::strerror(error_)));
}

void BackgroundSync::run(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (enough_.wait(lock, stop, [&] { return waiting_ >= bytes_at_once; }) &&
         !stop.stop_requested() && error_ == 0) {
    waiting_ = 0;
    lock.unlock();
    const int error = sync_data(descriptor_);
    lock.lock();
    error_ = error;
  }
}

}  // namespace noether::base
