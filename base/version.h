#pragma once

#include <string>

namespace noether::base {

// How this binary was made: all that can change a bit of what it computes.
struct BuildInfo {
  std::string version;       // "0.1.0"
  std::string git_describe;  // of the source when it was built; "v0.1.0" outside a repository
  std::string compiler;      // "GNU 12.2.0"
  std::string flags;         // "-O3 -DNDEBUG -ffp-contract=off"
  std::string arch;          // value of -march=, "" for the compiler's default
  std::string sanitizers;    // "" for none
};

BuildInfo build_info();

}  // namespace noether::base
