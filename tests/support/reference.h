#pragma once

// Recorded truth lies beside the repository, never in it: ../shared/reference, or
// NOETHER_REFERENCE.

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

namespace noether::test {

// The path of a recorded file. Where it is absent the process ends with 77, which ctest reports as
// skipped; so a test that calls this carries the tag [reference] and runs in a process of its own.
inline std::filesystem::path reference_file(const std::string& name) {
  const char* folder = std::getenv("NOETHER_REFERENCE");
  const auto path =
      (folder != nullptr ? std::filesystem::path(folder)
                         : std::filesystem::path(NOETHER_SOURCE_DIR) / "../shared/reference") /
      name;
  if (!std::filesystem::exists(path)) {
    std::fprintf(stderr, "skipped: no recorded data at %s\n", path.c_str());
    std::_Exit(77);
  }
  return path;
}

}  // namespace noether::test
