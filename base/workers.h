#pragma once

// Threads that stay, for work that comes many times and takes a millisecond.

#include <atomic>
#include <cstdint>
#include <exception>
#include <functional>
#include <thread>
#include <vector>

namespace noether::base {

// A number of threads. The calling thread is the first of them, so with one there is no other.
class Workers {
 public:
  explicit Workers(int threads);  // at least 1
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  int threads() const { return static_cast<int>(shares_.size()); }

  // Calls work(i) for 0 <= i < n, on thread i % threads() in the order of i, and returns when all
  // are done. A thread stops at an exception. The exception of the lowest i is thrown here. Only
  // one thread at a time may call this, and work itself may not.
  void run(std::int64_t n, const std::function<void(std::int64_t)>& work);

 private:
  // of one thread
  struct Share {
    std::int64_t at = 0;
    std::exception_ptr error = nullptr;
  };
  void dismiss();
  void do_share(std::int64_t thread);
  void stay(std::int64_t thread);

  std::vector<Share> shares_;
  // what is to be done, written before `round_` grows
  std::int64_t n_ = 0;
  const std::function<void(std::int64_t)>* work_ = nullptr;  // null: the end
  std::atomic<std::uint64_t> round_ = 0;
  std::atomic<int> busy_ = 0;
  std::vector<std::jthread> others_;
};

}  // namespace noether::base
