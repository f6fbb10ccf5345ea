#pragma once

#include <string>

namespace noether::cli {

// Says on stderr, in a line of its own, what is no error but should be known.
void warn(const std::string& sentence);
void warn_if_any(const std::string& sentence);  // unless it is empty

}  // namespace noether::cli
