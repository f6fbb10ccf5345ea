#pragma once

// Can this file be read, and if not, why? Four reasons are told apart: it is in use, a filter is
// missing, it was rewritten, it is damaged.

#include <filesystem>
#include <string>

namespace noether::dataset {

enum class FileState {
  intact,          // its seal fits
  foreign,         // an HDF5 file without a seal, which a child process could read whole
  in_use,          // another process has it open for writing
  missing_filter,  // an array is stored by a filter that this machine lacks
  rewritten,       // its seal does not fit, but every checksum of its arrays does: h5repack
  damaged          // cut, changed, or no HDF5 file
};

struct FileReport {
  FileState state = FileState::damaged;
  // where it cannot be read: a clause, "is in use: ..."
  std::string reason = {};
};

// A sealed file is verified by its SHA-256; any other, which may make the HDF5 library itself
// crash, is read whole by a child process. Throws DataError where there is no file.
FileReport examine(const std::filesystem::path& path);

// Seals a rewritten file again, or a foreign one whose content checksums fit: with the seal in its
// user block, which is made where there is none. The file is replaced whole or not at all. Returns
// false where it is intact already. Throws DataError where it cannot be sealed.
bool seal_again(const std::filesystem::path& path);

// What a child process says after reading the whole file.
struct Probe {
  FileState state = FileState::damaged;  // foreign: it could be read; or missing_filter, damaged
  bool checksums_fit = false;  // every array of numbers has the SHA-256 that the file states
  std::string reason = {};     // why it cannot be read
};
Probe probe(const std::filesystem::path& path);

}  // namespace noether::dataset
