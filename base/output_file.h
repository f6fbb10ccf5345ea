#pragma once

// Files that appear whole or not at all, and never in the place of something else.

#include <cstddef>
#include <filesystem>
#include <functional>
#include <span>

namespace noether::base {

// Throws DataError unless a file can be made at `output`: its folder exists, and nothing lies
// there, or, with `overwrite`, a regular file (no link, device or folder) that is not `input`.
void check_output_file(const std::filesystem::path& output, bool overwrite,
                       const std::filesystem::path& input = {});

// Calls write(temporary) and renames what it made to `output`; where either fails, `temporary` is
// removed and `output` is as it was. Throws what `write` throws, and DataError.
void write_whole(const std::filesystem::path& output, const std::filesystem::path& temporary,
                 const std::function<void(const std::filesystem::path&)>& write);

// Writes a file whole or, throwing DataError with the path, not at all.
void write_bytes(std::span<const std::byte> bytes, const std::filesystem::path& path);

}  // namespace noether::base
