#include "base/output_file.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "base/error.h"
#include "base/file_lock.h"

namespace noether::base {

namespace fs = std::filesystem;

void check_output_name(const fs::path& output) {
  if (output == "-") {
    throw UsageError(
        "-o -: outputs are files and folders, not the standard output (./- is a file of that "
        "name)");
  }
}

void check_output_file(const fs::path& output, bool overwrite, const fs::path& input) {
  check_output_name(output);
  const fs::path folder = output.has_parent_path() ? output.parent_path() : ".";
  if (!fs::exists(folder)) {
    throw DataError(fmt::format("the folder '{}' does not exist", folder.string()));
  }
  if (!fs::is_directory(folder))
    throw DataError(fmt::format("'{}' is not a folder", folder.string()));
  const fs::file_status status = fs::symlink_status(output);
  if (!fs::exists(status)) return;
  if (fs::is_directory(status)) throw DataError(fmt::format("'{}' is a folder", output.string()));
  if (!fs::is_regular_file(status)) {
    throw DataError(fmt::format("'{}' is no regular file: it is not replaced", output.string()));
  }
  if (!input.empty() && fs::exists(input) && fs::equivalent(input, output)) {
    throw DataError(fmt::format("'{}' is the input: it is not replaced", output.string()));
  }
  if (!overwrite)
    throw DataError(fmt::format("'{}' exists: --overwrite replaces it", output.string()));
}

fs::path assembly_path(const fs::path& path) { return path.string() + ".assembling"; }

void write_locked(const fs::path& output, const OutputRules& rules,
                  const std::function<void(const fs::path&)>& write) {
  // before the lock too: what is refused leaves no trace
  check_output_file(output, rules.overwrite, rules.input);
  const FileLock lock = FileLock::of_output(output);
  check_output_file(output, rules.overwrite, rules.input);
  write_whole(output, assembly_path(output), write);
}

void write_whole(const fs::path& output, const fs::path& temporary,
                 const std::function<void(const fs::path&)>& write) {
  try {
    write(temporary);
    std::error_code failure;
    fs::rename(temporary, output, failure);
    if (failure)
      throw DataError(fmt::format("'{}': cannot write: {}", output.string(), failure.message()));
  } catch (...) {
    std::error_code ignored;
    fs::remove(temporary, ignored);
    throw;
  }
}

void write_bytes(std::span<const std::byte> bytes, const fs::path& path) {
  std::ofstream file(path, std::ios::binary);
  file.write(static_cast<const char*>(static_cast<const void*>(bytes.data())),
             static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (!file) {
    const std::string reason = std::strerror(errno);
    // half a picture is worse than none
    std::error_code ignored;
    if (fs::is_regular_file(path, ignored)) fs::remove(path, ignored);
    throw DataError("cannot write '" + path.string() + "': " + reason);
  }
}

}  // namespace noether::base
