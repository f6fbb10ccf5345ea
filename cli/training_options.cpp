#include "cli/training_options.h"

#include <fmt/format.h>

#include <cmath>

#include "base/error.h"
#include "base/text.h"

namespace noether::cli {
namespace {

double parse_rate(const std::string& text, const char* name, bool zero_allowed) {
  const double rate = base::parse_double(text, name);
  if (std::isfinite(rate) && (rate > 0 || (rate == 0 && zero_allowed))) return rate;
  throw base::UsageError(fmt::format("{}: {} must be finite and {} 0", name, text,
                                     zero_allowed ? "at least" : "greater than"));
}

std::int64_t parse_warmup(const TrainingOptions& options, std::int64_t steps) {
  const std::int64_t warmup = base::parse_integer(options.warmup, "--warmup");
  if (warmup >= 0 && warmup <= steps) return warmup;
  throw base::UsageError(
      fmt::format("--warmup: {} must lie in [0, {}], the number of steps", warmup, steps));
}

}  // namespace

void add_training(const Command& command, TrainingOptions& options) {
  command.add_option("--steps", options.steps, "of Adam").show_default();
  command.add_option("--learning-rate", options.learning_rate, "of Adam").show_default();
  command.add_option("--weight-decay", options.weight_decay, "added to the gradient")
      .show_default();
  command
      .add_option(
          "--schedule", options.schedule,
          "of the learning rate; linear, cosine: falls to zero; cooldown: in the last tenth")
      .one_of(learn::schedule_names())
      .show_default();
  command.add_option("--warmup", options.warmup, "steps over which the learning rate first grows")
      .show_default();
  command.add_option("--clip-norm", options.clip_norm,
                     "length to which longer gradients are shortened (default: never)");
  command.add_option("--batch", options.batch,
                     "points a step, every point once in an epoch (default: all)");
}

std::int64_t parse_count(const std::string& text, const char* name) {
  const std::int64_t count = base::parse_integer(text, name);
  if (count < 1) throw base::UsageError(fmt::format("{}: {} must be at least 1", name, count));
  return count;
}

std::int64_t parse_batch(const TrainingOptions& options) {
  return options.batch.empty() ? 0 : parse_count(options.batch, "--batch");
}

learn::Training parse_training(const TrainingOptions& options) {
  learn::Training training{
      .steps = parse_count(options.steps, "--steps"),
      .adam = {.learning_rate = parse_rate(options.learning_rate, "--learning-rate", false),
               .weight_decay = parse_rate(options.weight_decay, "--weight-decay", true)},
      .schedule = learn::schedule_of(options.schedule)};
  training.warmup_steps = parse_warmup(options, training.steps);
  if (!options.clip_norm.empty())
    training.clip_norm = parse_rate(options.clip_norm, "--clip-norm", false);
  return training;
}

std::string training_toml(const bench::Checkpoint& start) {
  const learn::Training& training = start.training;
  return fmt::format(
      "steps = {}\nlearning_rate = {}\nweight_decay = {}\nschedule = \"{}\"\nwarmup = {}\n"
      "clip_norm = {}\nbatch = {}\n",
      training.steps, base::format_double(training.adam.learning_rate),
      base::format_double(training.adam.weight_decay), to_string(training.schedule),
      training.warmup_steps, base::format_double(training.clip_norm), start.batch);
}

std::string training_flags(const bench::Checkpoint& start) {
  const learn::Training& training = start.training;
  std::string flags =
      fmt::format("--steps {} --learning-rate {} --weight-decay {} --schedule {}", training.steps,
                  base::format_double(training.adam.learning_rate),
                  base::format_double(training.adam.weight_decay), to_string(training.schedule));
  // what is not used is not said
  if (training.warmup_steps > 0) flags += fmt::format(" --warmup {}", training.warmup_steps);
  if (training.clip_norm > 0) flags += " --clip-norm " + base::format_double(training.clip_norm);
  if (start.batch > 0) flags += fmt::format(" --batch {}", start.batch);
  return flags;
}

}  // namespace noether::cli
