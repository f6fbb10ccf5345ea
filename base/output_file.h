#pragma once

// Files that appear whole or not at all, never in the place of something else, and never made by
// two processes at once. Every command that makes a file goes through write_locked; a folder goes
// through dataset::write_folder, or holds a FileLock as long training does.

#include <cstddef>
#include <filesystem>
#include <functional>
#include <span>

namespace noether::base {

// Throws UsageError where an output is "-": files are not written to the standard output.
void check_output_name(const std::filesystem::path& output);

// Throws DataError unless a file can be made at `output`: its folder exists, and nothing lies
// there, or, with `overwrite`, a regular file (no link, device or folder) that is not `input`.
// Throws UsageError as check_output_name.
void check_output_file(const std::filesystem::path& output, bool overwrite,
                       const std::filesystem::path& input = {});

// What may lie where an output is made, as check_output_file takes it.
struct OutputRules {
  bool overwrite = false;
  std::filesystem::path input = {};
};

// Takes the lock of `output` (FileLock::of_output), checks the place, and then writes it whole by
// way of assembly_path(output). Throws DataError where another process writes it, and as
// check_output_file and write_whole.
void write_locked(const std::filesystem::path& output, const OutputRules& rules,
                  const std::function<void(const std::filesystem::path&)>& write);

// The name under which a file or folder is put together before it is renamed.
std::filesystem::path assembly_path(const std::filesystem::path& path);

// Calls write(temporary) and renames what it made to `output`; where either fails, `temporary` is
// removed and `output` is as it was. Whoever calls it holds the lock of `output`, or of its folder.
// Throws what `write` throws, and DataError.
void write_whole(const std::filesystem::path& output, const std::filesystem::path& temporary,
                 const std::function<void(const std::filesystem::path&)>& write);

// Writes a file whole or, throwing DataError with the path, not at all.
void write_bytes(std::span<const std::byte> bytes, const std::filesystem::path& path);

}  // namespace noether::base
