#pragma once

// A large file reaches the disk while it is still being written. A sync at the end then has little
// left to do: at once, the disk would take about as long as to copy the file.

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <stop_token>
#include <thread>

namespace noether::base {

class BackgroundSync {
 public:
  // Syncs the data of `descriptor`, which must stay open, on a thread of its own.
  explicit BackgroundSync(int descriptor);

  // Tells that so many bytes have been written; now and then they are synced. A failure is ignored:
  // what must be on the disk is synced by whoever needs it.
  void wrote(std::size_t bytes);

 private:
  void run(const std::stop_token& stop);

  int descriptor_;
  std::mutex mutex_;
  std::condition_variable_any enough_;
  std::size_t waiting_ = 0;  // bytes
  std::jthread thread_;      // last: it ends before what it uses
};

}  // namespace noether::base
