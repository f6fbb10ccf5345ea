#include <fmt/format.h>

#include <chrono>
#include <optional>

#include "base/progress.h"
#include "bench/flow/flow_file.h"
#include "bench/flow/flow_report.h"
#include "cli/commands/train.h"
#include "cli/warning.h"

namespace noether::cli {
namespace {

bench::Checkpoint train_with_progress(const bench::Checkpoint& start, const dataset::Config& config,
                                      const bench::Points& points,
                                      const TrainArguments& arguments) {
  base::Progress bar("training", start.training.steps);
  return or_how_to_resume(arguments.output.path, [&] {
    return bench::run_flow_training(start, config, points, arguments.output.path,
                                    {.overwrite = arguments.output.overwrite,
                                     .resume = arguments.output.resume,
                                     .checkpoint_every = arguments.checkpoint_every,
                                     .on_step = [&](const learn::TrainingState& state) {
                                       bar.update(state.step,
                                                  fmt::format("loss {:.3f}", state.loss));
                                     }});
  });
}

}  // namespace

void train_flow(const TrainArguments& arguments, const dataset::Overrides& overrides) {
  std::optional<bench::Checkpoint> other;
  if (!arguments.from.empty()) other = bench::load_checkpoint(arguments.from);
  const auto config = other ? bench::flow_config_from(*other, arguments.from, overrides)
                            : bench::flow_config(overrides);
  const auto points = bench::load_points(arguments.data, config.is_on("noise_free"));
  const auto start =
      other ? flow_start_from(*other, arguments.from, config, points) : flow_start(config, points);
  if (other) warn_if_any(other_system(*other, arguments.from, points.system, arguments.data));

  const auto begin = std::chrono::steady_clock::now();
  const auto made = train_with_progress(start, config, points, arguments);
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  const auto evaluation = evaluate_flow(made, arguments.output.path, points);
  fmt::print("mean -log p, {}: {:.4f} nats +- {:.4f}; {:.4f} of a normal density\n",
             evaluation.split, evaluation.nats, evaluation.standard_error, evaluation.normal_nats);
  fmt::print("{}: written, {}, {} steps, {:.1f} s\n", arguments.output.path, made.model->text(),
             made.state.step, seconds);
}

}  // namespace noether::cli
