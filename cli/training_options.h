#pragma once

// How a model is trained: the flags of `train` that say so.

#include <cstdint>
#include <string>

#include "bench/model/checkpoint.h"
#include "cli/command_line.h"

namespace noether::cli {

struct TrainingOptions {
  std::string steps = "2001", learning_rate = "1e-3", weight_decay = "1e-4";
  std::string schedule = "constant", warmup = "0";
  std::string clip_norm, batch;  // empty: not given
};

// --steps, --learning-rate, --weight-decay, --schedule, --warmup, --clip-norm, --batch
void add_training(const Command& command, TrainingOptions& options);

// Throw UsageError for values that make no sense.
learn::Training parse_training(const TrainingOptions& options);
std::int64_t parse_batch(const TrainingOptions& options);  // 0: all points
std::int64_t parse_count(const std::string& text, const char* name);

// As TOML, and as the flags that give it.
std::string training_toml(const bench::Checkpoint& start);
std::string training_flags(const bench::Checkpoint& start);

}  // namespace noether::cli
