#pragma once

// Memory of tensors: aligned, counted, and kept for reuse.

#include <cstddef>
#include <cstdint>
#include <memory>

namespace noether::learn {

// What the buffers of this thread amount to.
struct BufferStatistics {
  std::int64_t allocated = 0;   // buffers ever asked of the system
  std::int64_t live_bytes = 0;  // held by tensors now
  std::int64_t peak_bytes = 0;  // the most ever held since the peak was last reset
};

// A block of 64-byte aligned memory. On destruction it goes to the thread's free list of its size,
// from where the next buffer of that size takes it, so that a training step after the first asks
// nothing of the system.
class Buffer {
 public:
  explicit Buffer(std::size_t bytes);
  ~Buffer();
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;

  std::byte* data() { return data_; }
  const std::byte* data() const { return data_; }

 private:
  std::size_t bytes_;
  std::byte* data_;
};

BufferStatistics buffer_statistics();
void reset_buffer_peak();

// Gives this thread's free buffers back to the system.
void release_free_buffers();

}  // namespace noether::learn
