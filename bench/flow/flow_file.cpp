#include "bench/flow/flow_file.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <memory>

#include "base/error.h"
#include "bench/flow/flow_objectives.h"
#include "dataset/make/setting.h"

namespace noether::bench {
namespace {

using base::UsageError;
using dataset::Config;
using dataset::integer_setting;
using dataset::number_setting;
using dataset::Overrides;
using dataset::SettingSpec;
using learn::Tensor;

constexpr double least_positive = 1e-300, most = 1e300, most_steps = 1e12;
constexpr const char *by_matching = "matching", *by_likelihood = "likelihood";

// Those of the table `flow`.
struct Rates {
  std::int64_t steps, batch;
  double learning_rate;
};
Rates rates_of(const std::string& objective, bool goes_on) {
  if (objective == by_matching) return {10000, 512, goes_on ? 1e-3 : 1e-2};
  return goes_on ? Rates{300, 256, 1e-3} : Rates{600, 256, 5e-3};
}

std::vector<SettingSpec> settings_of(const std::string& objective, bool goes_on) {
  const std::string name(learn::flow_kind().name);
  const Rates rates = rates_of(objective, goes_on);
  return {
      dataset::choice_setting("model", name, {name}, "what is trained"),
      {"widths", dataset::Integers{64, 64}, 1, 10000, "1", "of the two hidden layers"},
      dataset::choice_setting("objective", by_matching, {by_matching, by_likelihood},
                              "flow matching, which solves no equation; or the mean -log p"),
      integer_setting("steps", rates.steps, 1, most_steps,
                      "of Adam; by likelihood 600, after --from 300"),
      integer_setting("batch", rates.batch, 1, 1e6,
                      "points that are drawn for a step; by likelihood 256"),
      number_setting("learning_rate", rates.learning_rate, least_positive, most, "1", "of Adam"),
      dataset::choice_setting("schedule", "cosine", learn::schedule_names(),
                              "of the learning rate"),
      number_setting("clip_norm", 1, 0, most, "1",
                     "length to which longer gradients are shortened; 0: never"),
      number_setting("tolerance", 1e-3, 1e-12, 1, "1", "of the solver, for the likelihood"),
      dataset::seed_setting("of the initial weights and of the points that are drawn"),
      dataset::switch_setting("noise_free", "learn from states instead of observations")};
}

Config config_of(Overrides overrides, bool goes_on) {
  for (const char* origin : {"data_sha256", "from_sha256"}) overrides.erase(origin);
  const auto asked = overrides.find("objective");
  const std::string objective = asked == overrides.end() ? by_matching : asked->second;
  return {"train", settings_of(objective, goes_on), overrides};
}

// All but the weights. `from_sha256` is "" for a new model.
Checkpoint start_of(const learn::ModelPtr& model, const std::string& from_sha256,
                    const Config& config, const Points& points) {
  Checkpoint start{.model = model,
                   .system = points.system,
                   .coordinates = points.coordinates,
                   .data_sha256 = points.sha256,
                   .seed = config.seed(),
                   .batch = config.integer("batch"),
                   .training = {.steps = config.integer("steps"),
                                .adam = {.learning_rate = config.number("learning_rate")},
                                .schedule = learn::schedule_of(config.text("schedule")),
                                .clip_norm = config.number("clip_norm")}};
  // by content, never by the names of files
  start.config_toml = fmt::format("data_sha256 = \"{}\"\nfrom_sha256 = \"{}\"\n{}",
                                  start.data_sha256, from_sha256, config.settings_toml());
  start.command_line =
      fmt::format("noether train DATA{}{} # data {}", config.set_flags({}),
                  from_sha256.empty() ? "" : " --from MODEL.h5", start.data_sha256);
  return start;
}

struct Units {
  Tensor mean, spread;  // [1, d]
};
Units units_of(const Tensor& points) {
  const auto n = static_cast<double>(points.shape()[0]);
  const Tensor mean = scale(sum(points, 0, true), 1 / n);
  return {mean, sqrt(scale(sum(square(points - mean), 0, true), 1 / n))};
}

// They are kept in float32, beside the weights: points must not be far from zero, in their spreads,
// nor beyond its range.
void check_units(const Units& units, const Points& points) {
  constexpr double rounding = 0x1p-24, share = 0.01;
  for (std::size_t k = 0; k < points.coordinates.size(); ++k) {
    const double mean = units.mean.to_vector()[k], spread = units.spread.to_vector()[k];
    const bool is_normal = spread > std::numeric_limits<float>::min() &&
                           std::abs(mean) + spread < std::numeric_limits<float>::max();
    if (is_normal && std::abs(mean) * rounding <= share * spread) continue;
    throw base::DataError(fmt::format(
        "'{}': {} has the mean {:.3g} and the standard deviation {:.3g}, which float32 cannot hold "
        "together: subtract an offset, or take another unit",
        points.source, points.coordinates[k], mean, spread));
  }
}

// Rows of the train points in the units of the flow, with replacement.
DrawPoints draw_from(const Points& points, const learn::Params& params) {
  const auto exact = cast(params, learn::DType::f64);
  const Tensor z = (points.train - exact["mean"]) / exact["spread"];
  return [d = z.shape()[1], rows = z.shape()[0], values = z.to_vector()](
             std::int64_t n, base::RandomStream& random) {
    std::vector<double> drawn;
    for (std::int64_t i = 0; i < n; ++i) {
      const auto row = static_cast<std::int64_t>(random.uniform() * static_cast<double>(rows));
      drawn.insert(drawn.end(), values.begin() + row * d, values.begin() + (row + 1) * d);
    }
    return drawn;
  };
}

}  // namespace

std::vector<SettingSpec> settings_of_flow() { return settings_of(by_matching, false); }

Config flow_config(Overrides overrides) { return config_of(std::move(overrides), false); }

Config flow_config_from(const Checkpoint& other, const std::filesystem::path& path,
                        Overrides overrides) {
  base::with_context(fmt::format("'{}'", path.string()), [&] { flow_of(other); });
  const learn::Flow& flow = flow_of(other);
  overrides.try_emplace("widths", dataset::to_text(flow.hidden()));
  Config config = config_of(std::move(overrides), true);
  if (config.integers("widths") == flow.hidden()) return config;
  throw UsageError(fmt::format("'{}' is {}: leave out --widths", path.string(), flow.text()));
}

Checkpoint flow_start(const Config& config, const Points& points) {
  const auto flow = std::make_shared<learn::Flow>(
      learn::ModelOptions{std::ssize(points.coordinates), config.integers("widths")});
  Checkpoint start = start_of(flow, "", config, points);
  const Units units = units_of(points.train);
  check_units(units, points);
  start.state =
      learn::initial_training_state(flow->init(start.seed, learn::DType::f32)
                                        .with("mean", cast(units.mean, learn::DType::f32))
                                        .with("spread", cast(units.spread, learn::DType::f32)));
  return start;
}

Checkpoint flow_start_from(const Checkpoint& other, const std::filesystem::path& path,
                           const Config& config, const Points& points) {
  check_coordinates(points, other.coordinates, path.string());
  Checkpoint start = start_of(other.model, other.content_sha256, config, points);
  start.state = learn::initial_training_state(other.state.params);
  return start;
}

Checkpoint run_flow_training(const Checkpoint& start, const Config& config, const Points& points,
                             const std::filesystem::path& path, const TrainingRunOptions& options) {
  return train_into_file(start, points.source, path, options, [&](Checkpoint& checkpoint) {
    const learn::Flow& flow = flow_of(checkpoint);
    const DrawPoints draw = draw_from(points, checkpoint.state.params);
    const double tolerance = config.number("tolerance");
    const learn::OdeSolver solver{.relative_tolerance = tolerance, .absolute_tolerance = tolerance};
    return TrainingWork{config.text("objective") == by_matching
                            ? matching_objective(flow, draw, checkpoint.batch)
                            : likelihood_objective(flow, draw, checkpoint.batch, solver),
                        checkpoint.seed};
  });
}

bool is_noise_free(const Checkpoint& checkpoint) {
  const auto said = dataset::parse_toml(checkpoint.config_toml, "the configuration").overrides;
  return config_of(said, false).is_on("noise_free");
}

const learn::Flow& flow_of(const Checkpoint& checkpoint) {
  if (const auto* flow = dynamic_cast<const learn::Flow*>(checkpoint.model.get())) return *flow;
  throw base::DataError(fmt::format("{} is no model of a density: `train --model cnf` makes one",
                                    checkpoint.model->text()));
}

}  // namespace noether::bench
