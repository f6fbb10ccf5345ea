#include "learn/tensor/buffer.h"

#include <algorithm>
#include <new>
#include <unordered_map>
#include <vector>

namespace noether::learn {

namespace {

constexpr std::align_val_t alignment{64};

std::byte* from_system(std::size_t bytes) {
  return static_cast<std::byte*>(::operator new(bytes, alignment));
}
void to_system(std::byte* data) { ::operator delete(data, alignment); }

// tensors with static lifetime may die after their thread's pool
thread_local bool pool_is_alive = false;

struct Pool {
  Pool() { pool_is_alive = true; }
  ~Pool() {
    pool_is_alive = false;
    release();
  }
  void release() {
    for (auto& [bytes, blocks] : free) std::ranges::for_each(blocks, to_system);
    free.clear();
  }
  std::unordered_map<std::size_t, std::vector<std::byte*>> free;
  BufferStatistics statistics;
};

Pool& pool() {
  thread_local Pool instance;
  return instance;
}

std::byte* take(std::size_t bytes) {
  Pool& mine = pool();
  BufferStatistics& statistics = mine.statistics;
  statistics.live_bytes += static_cast<std::int64_t>(bytes);
  statistics.peak_bytes = std::max(statistics.peak_bytes, statistics.live_bytes);
  const auto found = mine.free.find(bytes);
  if (found == mine.free.end() || found->second.empty()) {
    ++statistics.allocated;
    return from_system(bytes);
  }
  std::byte* data = found->second.back();
  found->second.pop_back();
  return data;
}

}  // namespace

Buffer::Buffer(std::size_t bytes)
    : bytes_((std::max<std::size_t>(bytes, 1) + 63) / 64 * 64), data_(take(bytes_)) {}

Buffer::~Buffer() {
  if (!pool_is_alive) {
    to_system(data_);
    return;
  }
  Pool& mine = pool();
  mine.statistics.live_bytes -= static_cast<std::int64_t>(bytes_);
  mine.free[bytes_].push_back(data_);
}

BufferStatistics buffer_statistics() { return pool().statistics; }
void reset_buffer_peak() { pool().statistics.peak_bytes = pool().statistics.live_bytes; }
void release_free_buffers() { pool().release(); }

}  // namespace noether::learn
