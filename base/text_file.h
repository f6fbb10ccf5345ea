#pragma once

// Small text files as strings, read whole and written whole.

#include <filesystem>
#include <string>
#include <string_view>

namespace noether::base {

// The content of a file; throws DataError with the path.
std::string read_text(const std::filesystem::path& path);

// Makes or replaces a regular file, whole or not at all, by way of FILE.partial; throws DataError.
void write_text(const std::filesystem::path& path, std::string_view text);

}  // namespace noether::base
