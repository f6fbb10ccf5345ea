#include "base/version.h"

#include "git_describe.h"

namespace noether::base {

BuildInfo build_info() {
  return {.version = NOETHER_VERSION,
          .git_describe = NOETHER_GIT_DESCRIBE,
          .compiler = NOETHER_COMPILER,
          .flags = NOETHER_FLAGS,
          .arch = NOETHER_ARCH,
          .sanitizers = NOETHER_SANITIZE};
}

}  // namespace noether::base
