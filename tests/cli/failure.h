#pragma once

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/support/run_command.h"

namespace noether::test {

// Checks that the command fails with `exit_code`, says nothing on stdout and one sentence on stderr
// that contains `sentence`.
inline void check_failure(const std::vector<std::string>& arguments, int exit_code,
                          const std::string& sentence, const CommandOptions& options = {}) {
  std::string line;
  for (const auto& word : arguments) line += " " + word;
  INFO("noether" << line);
  const auto result = run(arguments, options);
  CHECK(result.exit_code == exit_code);
  CHECK(result.out.empty());
  CHECK(is_one_sentence(result.err));
  CHECK_THAT(result.err, Catch::Contains(sentence));
}

// The names of what lies in a folder, sorted.
inline std::vector<std::string> names_in(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    names.push_back(entry.path().filename());
  std::sort(names.begin(), names.end());
  return names;
}

using Names = std::vector<std::string>;

}  // namespace noether::test
