#pragma once

// Locks, so that two processes do not write to the same place. Both must ask here before they
// write. A lock is a flock(2): the system drops it when its process ends, however it ends.
//
// Some places cannot be locked: file systems without locks (ENOLCK, EOPNOTSUPP), and folders on NFS
// (EBADF; NFS locks only what is open for writing, and a folder cannot be). There the work goes on
// without a lock. The work is refused in one case only: another process holds the lock.

#include <filesystem>

namespace noether::base {

// Locks an open file or folder until it is closed, if it can be locked. Throws DataError "'path' is
// being written by another process" where another process holds the lock.
void lock_descriptor(int descriptor, const std::filesystem::path& path);

// Whether another process holds a lock on a file that exists, as HDF5 does while it writes one.
bool is_locked(const std::filesystem::path& path);

// A lock that is held while this object lives. The functions that make one throw DataError where
// another process holds it.
class FileLock {
 public:
  FileLock() = default;  // of nothing

  // On a folder that exists.
  static FileLock of_folder(const std::filesystem::path& folder);

  // On a file that is being made. The lock is on an empty file FILE.lock beside it, which is
  // removed with the lock. A FILE.lock that a killed process left is used again. Throws DataError
  // where FILE.lock is not an empty file.
  static FileLock of_output(const std::filesystem::path& output);

  // The same, but where another process or thread holds the lock, it waits until it is free. Throws
  // Interrupted after Ctrl-C.
  static FileLock wait_for_output(const std::filesystem::path& output);

  ~FileLock();
  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&& other) noexcept;

 private:
  static FileLock of_output(const std::filesystem::path& output, bool waits);

  int descriptor_ = -1;
  std::filesystem::path made_ = {};  // to be removed
};

}  // namespace noether::base
