#include "base/background_sync.h"

#include <unistd.h>

namespace noether::base {
namespace {

constexpr std::size_t bytes_at_once = 32 << 20;

}  // namespace

BackgroundSync::BackgroundSync(int descriptor)
    : descriptor_(descriptor), thread_([this](const std::stop_token& stop) { run(stop); }) {}

void BackgroundSync::wrote(std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  waiting_ += bytes;
  if (waiting_ >= bytes_at_once) enough_.notify_one();
}

void BackgroundSync::run(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (enough_.wait(lock, stop, [&] { return waiting_ >= bytes_at_once; })) {
    waiting_ = 0;
    lock.unlock();
    if (fdatasync(descriptor_) != 0) return;
    lock.lock();
  }
}

}  // namespace noether::base
