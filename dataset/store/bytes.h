#pragma once

// Bytes: of a chunk, of a log, of an open file.

#include <cstdint>
#include <filesystem>
#include <span>

#include "dataset/store/layout.h"

namespace noether::dataset {

void append(Bytes& to, std::span<const std::byte> from);

std::uint32_t crc32_of(std::span<const std::byte> bytes);

// Throws DataError "'path': what: REASON", with the reason of errno.
[[noreturn]] void fail_at(const std::filesystem::path& path, const char* what);

// Reads all of `bytes` from `offset` on; false where the file ends before. Throws DataError, which
// names `path`, where it cannot be read.
bool read_at(int descriptor, const std::filesystem::path& path, std::int64_t offset,
             std::span<std::byte> bytes);

}  // namespace noether::dataset
