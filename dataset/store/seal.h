#pragma once

// The seal: the length and the CRC-32 of everything behind the HDF5 user block, written into it
// when a file is whole. It is checked before HDF5 sees a byte, so that a damaged file is refused by
// arithmetic instead of by luck. Seals of the older form 1, with a SHA-256, are checked too.

#include <filesystem>
#include <string>

namespace noether::dataset {

enum class SealState {
  intact,   // as it was written
  missing,  // an HDF5 file without a seal, with any user block: made by another program
  broken    // cut, changed, or no HDF5 file at all
};

struct SealReport {
  SealState state = SealState::broken;
  std::string reason;         // where broken: one clause, "was cut from 4096 to 1000 bytes"
  bool other_length = false;  // where broken: the file is longer or shorter than it was
};

// Seals the file, then makes it durable (fsync). Throws DataError.
void seal(const std::filesystem::path& path);

// Reads the whole file. Throws DataError where it does not exist or cannot be read.
SealReport check_seal(const std::filesystem::path& path);

// Whether a seal is there, intact or not; reads the first bytes only.
bool has_seal(const std::filesystem::path& path);

}  // namespace noether::dataset
