#include "bench/model/training_start.h"

#include <fmt/format.h>

#include <string>

#include "bench/model/tailored_rows.h"
#include "bench/model/training_settings.h"

namespace noether::bench {
namespace {

// All but the weights. `source` is what errors call the model, `from_sha256` is "" for a new one.
Checkpoint start_of(const learn::ModelPtr& model, const std::string& source,
                    const std::string& from_sha256, const dataset::Config& config,
                    const Task& task) {
  check_learns_from(config, task);
  Checkpoint start{.model = model,
                   .system = task.system,
                   .coordinates = task.coordinates,
                   .data_sha256 = task.content_sha256,
                   .noise_std = task.noise_std,
                   .seed = config.seed(),
                   .tailoring = tailoring_of(config, task, task.x),
                   .batch = config.integer("batch"),
                   .training = training_of(config)};
  if (start.tailoring) {
    check_step_by_query(*start.tailoring);
    check_can_tailor(field_model(start), source);
  }
  // by content, never by the names of files
  start.config_toml = fmt::format("data_sha256 = \"{}\"\nfrom_sha256 = \"{}\"\n{}",
                                  start.data_sha256, from_sha256, config.settings_toml());
  start.command_line =
      fmt::format("noether train DATA.h5{}{} # data {}", config.flags(),
                  from_sha256.empty() ? "" : " --from MODEL.h5", start.data_sha256);
  return start;
}

}  // namespace

Checkpoint training_start(const dataset::Config& config, const Task& task) {
  Checkpoint start = start_of(model_of(config, task.dimension()), "the model", "", config, task);
  start.state = learn::initial_training_state(start.model->init(start.seed, dtype_of(config)));
  return start;
}

Checkpoint training_start_from(const Checkpoint& other, const std::filesystem::path& path,
                               const dataset::Config& config, const Task& task) {
  Checkpoint start =
      start_of(other.model, fmt::format("'{}'", path.string()), other.content_sha256, config, task);
  learn::Params weights = learn::cast(model_weights(other), dtype_of(config));
  if (const auto units = units_of(config, task)) weights = unfolded(weights, *units);
  start.state = learn::initial_training_state(weights);
  return start;
}

}  // namespace noether::bench
