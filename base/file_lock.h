#pragma once

// Keeps apart processes that write to the same place and ask here first: flock(2), which ends with
// the process, however that ends.
//
// Where a lock is refused for any reason but that another process has it, there is none, and the
// work goes on: on file systems without locks (ENOLCK, EOPNOTSUPP), and for folders on NFS, which
// locks only what is open for writing (EBADF), as no folder can be.

#include <filesystem>

namespace noether::base {

// Locks an open file or folder until it is closed, if it can be locked; throws DataError "'path' is
// being written by another process".
void lock_descriptor(int descriptor, const std::filesystem::path& path);

// A lock for as long as this lives. What makes one throws DataError where another process has it.
class FileLock {
 public:
  FileLock() = default;  // of nothing

  // On a folder that exists.
  static FileLock of_folder(const std::filesystem::path& folder);

  // On the making of a file, by an empty FILE.lock beside it that goes with the lock; one that a
  // kill left is taken over. Throws DataError where FILE.lock is anything else.
  static FileLock of_output(const std::filesystem::path& output);

  ~FileLock();
  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&& other) noexcept;

 private:
  int descriptor_ = -1;
  std::filesystem::path made_ = {};  // to be removed
};

}  // namespace noether::base
