#include "cli/warning.h"

#include <cstdio>

namespace noether::cli {

void warn(const std::string& sentence) {
  // as errors are written: not by fmt, which would throw where nothing can be
  std::fprintf(stderr, "noether: warning: %s\n", sentence.c_str());
}

void warn_if_any(const std::string& sentence) {
  if (!sentence.empty()) warn(sentence);
}

}  // namespace noether::cli
