#pragma once

// What is to be conserved, and by which inner step: the flags that `train` and `evaluate` share.

#include <optional>
#include <string>

#include "bench/model/tailoring.h"
#include "cli/command_line.h"

namespace noether::cli {

struct TailoringOptions {
  std::string conserve;  // empty: not given, as all of these
  std::string inner_step, inner_rate, inner_steps, layers;
};

// --conserve, --inner-step, --inner-rate, --inner-steps, --layers
void add_tailoring(const Command& command, TailoringOptions& options);

// What needs no data: throws UsageError for flags that do not go together.
void check_tailoring(const TailoringOptions& options);

// Nothing where --conserve was not given. Throws UsageError where the coordinates of the task have
// no such quantity, or where it is constant at all of `points`.
std::optional<bench::Tailoring> parse_tailoring(const TailoringOptions& options,
                                                const bench::Task& task,
                                                const learn::Tensor& points);

}  // namespace noether::cli
