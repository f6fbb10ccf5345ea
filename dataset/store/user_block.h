#pragma once

// The bytes before the HDF5 signature, which HDF5 leaves to whoever writes the file. Their number
// is 0 or 512 times a power of two.

#include <cstdint>
#include <filesystem>
#include <optional>

namespace noether::dataset {

// The number of bytes before the HDF5 signature; nothing where there is none.
std::optional<std::int64_t> signature_offset(const std::filesystem::path& path);

// Copies an HDF5 file, whose superblock is of version 2 or 3, with a user block of `bytes` zeros in
// place of its own. Throws DataError.
void copy_with_user_block(const std::filesystem::path& from, const std::filesystem::path& to,
                          std::int64_t bytes);

}  // namespace noether::dataset
