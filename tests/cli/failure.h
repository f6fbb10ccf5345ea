#pragma once

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/support/run_command.h"
#include "tests/support/temp_folder.h"

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

}  // namespace noether::test
