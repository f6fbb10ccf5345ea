#include "learn/tensor/buffer.h"

#include <algorithm>
#include <mutex>
#include <new>
#include <unordered_map>
#include <utility>
#include <vector>

namespace noether::learn {

namespace {

constexpr std::align_val_t alignment{64};

std::byte* from_system(std::size_t bytes) {
  return static_cast<std::byte*>(::operator new(bytes, alignment));
}
void to_system(std::byte* data) { ::operator delete(data, alignment); }

}  // namespace

struct BufferPool {
  ~BufferPool() { release(); }

  void release() {
    take_back();
    for (auto& [bytes, blocks] : free) std::ranges::for_each(blocks, to_system);
    free.clear();
  }
  void put(std::size_t bytes, std::byte* data) {
    statistics.live_bytes -= static_cast<std::int64_t>(bytes);
    free[bytes].push_back(data);
  }
  // What other threads left here becomes free.
  void take_back() {
    const std::lock_guard lock(mutex);
    for (const auto& [bytes, data] : returned) put(bytes, data);
    returned.clear();
  }
  std::byte* take(std::size_t bytes) {
    std::vector<std::byte*>& blocks = free[bytes];
    if (blocks.empty()) take_back();
    statistics.live_bytes += static_cast<std::int64_t>(bytes);
    statistics.peak_bytes = std::max(statistics.peak_bytes, statistics.live_bytes);
    if (blocks.empty()) {
      ++statistics.allocated;
      return from_system(bytes);
    }
    std::byte* data = blocks.back();
    blocks.pop_back();
    return data;
  }

  // of the thread alone
  std::unordered_map<std::size_t, std::vector<std::byte*>> free;
  BufferStatistics statistics;
  // of all threads
  std::mutex mutex;
  std::vector<std::pair<std::size_t, std::byte*>> returned;
};

namespace {

// null before a thread's first buffer, and after its end: tensors of static lifetime die later
thread_local BufferPool* mine = nullptr;

struct Home {
  Home() { mine = pool.get(); }
  ~Home() {
    mine = nullptr;
    pool->release();
  }
  std::shared_ptr<BufferPool> pool = std::make_shared<BufferPool>();
};

const std::shared_ptr<BufferPool>& pool() {
  thread_local Home home;
  return home.pool;
}

}  // namespace

Buffer::Buffer(std::size_t bytes)
    : home_(pool()),
      bytes_((std::max<std::size_t>(bytes, 1) + 63) / 64 * 64),
      data_(home_->take(bytes_)) {}

Buffer::~Buffer() {
  if (home_.get() == mine) {
    mine->put(bytes_, data_);
    return;
  }
  const std::lock_guard lock(home_->mutex);
  home_->returned.emplace_back(bytes_, data_);
}

BufferStatistics buffer_statistics() {
  pool()->take_back();
  return pool()->statistics;
}
void reset_buffer_peak() { pool()->statistics.peak_bytes = buffer_statistics().live_bytes; }
void release_free_buffers() { pool()->release(); }

}  // namespace noether::learn
