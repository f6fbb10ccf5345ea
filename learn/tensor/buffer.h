#pragma once

// Memory of tensors: aligned, counted, and kept for reuse.

#include <cstddef>
#include <cstdint>
#include <memory>

namespace noether::learn {

// What the buffers made by this thread amount to.
struct BufferStatistics {
  std::int64_t allocated = 0;   // buffers ever asked of the system
  std::int64_t live_bytes = 0;  // held by tensors now
  std::int64_t peak_bytes = 0;  // the most ever held since the peak was last reset
};

struct BufferPool;  // of a thread

// A block of 64-byte aligned memory. On destruction, on whatever thread, it goes back to the pool
// of the thread that made it, from where the next buffer of that size takes it. So a training step
// after the first asks nothing of the system, and neither do threads that hand each other tensors.
class Buffer {
 public:
  explicit Buffer(std::size_t bytes);
  ~Buffer();
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;

  std::byte* data() { return data_; }
  const std::byte* data() const { return data_; }

 private:
  std::shared_ptr<BufferPool> home_;  // alive as long as its buffers
  std::size_t bytes_;
  std::byte* data_;
};

BufferStatistics buffer_statistics();
void reset_buffer_peak();

// Gives this thread's free buffers back to the system.
void release_free_buffers();

}  // namespace noether::learn
