#pragma once

// A large file reaches the disk while it is still being written. A sync at the end then has little
// left to do: at once, the disk would take about as long as to copy the file.

#include <condition_variable>
#include <cstddef>
#include <filesystem>
#include <mutex>
#include <stop_token>
#include <thread>

namespace noether::base {

class BackgroundSync {
 public:
  // Syncs the data of `descriptor`, which must stay open, on a thread of its own. Errors name
  // `path`.
  BackgroundSync(int descriptor, std::filesystem::path path);

  // Tells that so many bytes have been written; now and then they are synced. Throws DataError once
  // the disk has failed to take some: the system tells of that once, so later syncs may succeed.
  void wrote(std::size_t bytes);

  // Ends the thread. Throws as `wrote`.
  void finish();

 private:
  void run(const std::stop_token& stop);
  void check() const;

  int descriptor_;
  std::filesystem::path path_;
  std::mutex mutex_;
  std::condition_variable_any enough_;
  std::size_t waiting_ = 0;  // bytes
  int error_ = 0;            // errno
  std::jthread thread_;      // last: it ends before what it uses
};

}  // namespace noether::base
