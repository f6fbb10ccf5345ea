#pragma once

// Threads that cannot change a result: work is split by index and combined in index order.

#include <algorithm>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace noether::base {

// The number of threads for `jobs`: itself if positive, else one per processor.
inline int thread_count(int jobs) {
  return jobs > 0 ? jobs : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

// Calls make(i) for first <= i < last on thread_count(jobs) threads and take(i, result) on the
// calling thread, in the order of i. At most 2 jobs + 1 results wait at a time, so memory is
// bounded at any length. An exception from either ends the whole and is thrown here; of several,
// the one of the lowest index.
template <class Make, class Take>
void ordered_pipeline(std::int64_t first, std::int64_t last, int jobs, Make make, Take take) {
  using Result = decltype(make(first));
  struct Slot {
    std::optional<Result> result;
    std::exception_ptr error;
  };
  std::mutex mutex;
  std::condition_variable changed;
  std::map<std::int64_t, Slot> finished;
  std::int64_t next_to_make = first;
  std::int64_t next_to_take = first;
  bool stop = false;
  const int threads = thread_count(jobs);
  const std::int64_t ahead = 2 * std::int64_t{threads} + 1;

  const auto work = [&] {
    for (;;) {
      std::unique_lock lock(mutex);
      changed.wait(lock, [&] {
        return stop || next_to_make >= last || next_to_make < next_to_take + ahead;
      });
      if (stop || next_to_make >= last) return;
      const std::int64_t i = next_to_make++;
      lock.unlock();
      Slot slot;
      try {
        slot.result.emplace(make(i));
      } catch (...) {
        slot.error = std::current_exception();
      }
      lock.lock();
      finished.emplace(i, std::move(slot));
      changed.notify_all();
    }
  };

  std::vector<std::jthread> workers;
  const auto halt = [&] {
    {
      const std::lock_guard lock(mutex);
      stop = true;
    }
    changed.notify_all();
    workers.clear();
  };
  try {
    for (int t = 0; t < threads; ++t) workers.emplace_back(work);
    for (std::int64_t i = first; i < last; ++i) {
      std::unique_lock lock(mutex);
      changed.wait(lock, [&] { return finished.contains(i); });
      Slot slot = std::move(finished.extract(i).mapped());
      next_to_take = i + 1;
      lock.unlock();
      changed.notify_all();
      if (slot.error) std::rethrow_exception(slot.error);
      take(i, std::move(*slot.result));
    }
  } catch (...) {
    halt();
    throw;
  }
  halt();
}

// Calls run(i) for 0 <= i < n on thread_count(jobs) threads.
template <class Run>
void parallel_for(std::int64_t n, int jobs, Run run) {
  ordered_pipeline(
      0, n, jobs,
      [&](std::int64_t i) {
        run(i);
        return true;
      },
      [](std::int64_t, bool) {});
}

}  // namespace noether::base
