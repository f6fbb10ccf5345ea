#pragma once

// Threads that cannot change a result: work is split by index and combined in index order.

#include <algorithm>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <map>
#include <memory>
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

// What a worker made of one index: a result, or the exception that took its place.
template <class Result>
struct Attempt {
  std::optional<Result> result;
  std::exception_ptr error;
};

// Hands out the indices first, ..., last - 1 to workers and their results to one taker, in order; a
// worker waits where it would run more than `ahead` results in front of the taker.
template <class Result>
class OrderedQueue {
 public:
  OrderedQueue(std::int64_t first, std::int64_t last, std::int64_t ahead)
      : next_to_claim_(first), next_to_take_(first), last_(last), ahead_(ahead) {}

  // The next index to work on, or nothing where none is left or the queue was stopped.
  std::optional<std::int64_t> claim() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return over() || next_to_claim_ < next_to_take_ + ahead_; });
    if (over()) return std::nullopt;
    return next_to_claim_++;
  }
  void put(std::int64_t i, Attempt<Result> attempt) {
    const std::lock_guard lock(mutex_);
    finished_.emplace(i, std::move(attempt));
    changed_.notify_all();
  }
  // Waits for index i; indices must be taken one after the other.
  Attempt<Result> take(std::int64_t i) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return finished_.contains(i); });
    next_to_take_ = i + 1;
    changed_.notify_all();
    return std::move(finished_.extract(i).mapped());
  }
  void stop() {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    changed_.notify_all();
  }

 private:
  bool over() const { return stopped_ || next_to_claim_ >= last_; }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::int64_t, Attempt<Result>> finished_;
  std::int64_t next_to_claim_;
  std::int64_t next_to_take_;
  std::int64_t last_;
  std::int64_t ahead_;
  bool stopped_ = false;
};

// Calls make(i) for first <= i < last on thread_count(jobs) threads and take(i, result) on the
// calling thread, in the order of i. At most 2 jobs + 8 results wait at a time, so memory is
// bounded at any length. An exception from either ends the whole and is thrown here; of several,
// the one of the lowest index.
template <class Make, class Take>
void ordered_pipeline(std::int64_t first, std::int64_t last, int jobs, Make make, Take take) {
  using Result = decltype(make(first));
  const int threads = thread_count(jobs);
  OrderedQueue<Result> queue(first, last, 2 * std::int64_t{threads} + 8);
  const auto attempt = [&](std::int64_t i) -> Attempt<Result> {
    try {
      return {make(i), nullptr};
    } catch (...) {
      return {std::nullopt, std::current_exception()};
    }
  };
  // destroyed in reverse: the queue is stopped first, then the threads are joined
  std::vector<std::jthread> workers;
  const std::unique_ptr<OrderedQueue<Result>, void (*)(OrderedQueue<Result>*)> stopper(
      &queue, [](OrderedQueue<Result>* q) { q->stop(); });
  for (int t = 0; t < threads; ++t) {
    workers.emplace_back([&] {
      while (const auto i = queue.claim()) queue.put(*i, attempt(*i));
    });
  }
  for (std::int64_t i = first; i < last; ++i) {
    Attempt<Result> made = queue.take(i);
    if (made.error) std::rethrow_exception(made.error);
    take(i, std::move(*made.result));
  }
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
