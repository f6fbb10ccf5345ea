#include "base/workers.h"

#include <algorithm>

namespace noether::base {

Workers::Workers(int threads) : shares_(static_cast<std::size_t>(std::max(threads, 1))) {
  try {
    for (std::int64_t thread = 1; thread < std::ssize(shares_); ++thread) {
      others_.emplace_back([this, thread] { stay(thread); });
    }
  } catch (...) {
    // no more threads to be had: those that began are sent home
    dismiss();
    throw;
  }
}

Workers::~Workers() { dismiss(); }

void Workers::dismiss() {
  work_ = nullptr;
  ++round_;
  round_.notify_all();
}

void Workers::do_share(std::int64_t thread) {
  Share& mine = shares_[static_cast<std::size_t>(thread)];
  mine.error = nullptr;
  try {
    for (mine.at = thread; mine.at < n_; mine.at += std::ssize(shares_)) (*work_)(mine.at);
  } catch (...) {
    mine.error = std::current_exception();
  }
}

void Workers::stay(std::int64_t thread) {
  for (std::uint64_t seen = 0;; ++seen) {
    round_.wait(seen);
    if (work_ == nullptr) return;
    do_share(thread);
    if (--busy_ == 0) busy_.notify_one();
  }
}

void Workers::run(std::int64_t n, const std::function<void(std::int64_t)>& work) {
  n_ = n;
  work_ = &work;
  busy_ = threads() - 1;
  ++round_;
  round_.notify_all();
  do_share(0);
  for (int busy = busy_; busy != 0; busy = busy_) busy_.wait(busy);

  const Share* first = nullptr;
  for (const Share& share : shares_) {
    if (share.error && (first == nullptr || share.at < first->at)) first = &share;
  }
  if (first != nullptr) std::rethrow_exception(first->error);
}

}  // namespace noether::base
