#include "bench/model/training_settings.h"

#include <fmt/format.h>

#include <string>

#include "base/error.h"
#include "base/text.h"
#include "dataset/make/setting.h"
#include "dataset/recording/trials.h"
#include "learn/train/segments.h"

namespace noether::bench {
namespace {

using base::UsageError;
using dataset::choice_setting;
using dataset::Config;
using dataset::integer_setting;
using dataset::number_setting;
using dataset::Overrides;
using dataset::SettingSpec;

constexpr double most_steps = 1e12;
// any positive number that is finite
constexpr double least_positive = 1e-300, most = 1e300;
constexpr const char* by_rule = "auto";        // of `layers`
constexpr const char* when_imported = "auto";  // of `standardise`

std::vector<std::string> model_names() {
  std::vector<std::string> names;
  for (const auto& model : learn::all_models()) {
    if (model.predicts == learn::Predicts::states) names.emplace_back(model.name);
  }
  return names;
}

std::vector<std::string> rules_with_rate() {
  std::vector<std::string> names;
  for (const std::string& name : learn::step_rule_names()) {
    if (has_rate(learn::step_rule_of(name))) names.push_back(name);
  }
  return names;
}

learn::StepRule rule_of(const Config& config) {
  return learn::step_rule_of(config.text("inner_step"));
}

bool moves_all_layers(const Config& config) {
  const std::string& layers = config.text("layers");
  return layers == by_rule ? rule_of(config) == learn::StepRule::sgd : layers == "all";
}

// What a model that learns from trajectories is trained by, unless it is told otherwise. The first
// gradients are so long that Adam would remember them for a thousand steps: they are shortened.
const Overrides trajectory_defaults{{"steps", "1500"},     {"learning_rate", "0.003"},
                                    {"weight_decay", "0"}, {"schedule", "linear"},
                                    {"clip_norm", "0.01"}, {"batch", "50"}};

bool learns_from_trajectories(const Config& config) {
  return learn::find_model(config.text("model")).learns_from == learn::LearnsFrom::trajectories;
}

// With the defaults of the model that they ask for.
Overrides with_defaults(Overrides overrides) {
  if (learns_from_trajectories({"train", settings_of_training(), overrides}))
    overrides.insert(trajectory_defaults.begin(), trajectory_defaults.end());
  return overrides;
}

void check_segment(const Config& config) {
  if (learns_from_trajectories(config)) {
    if (config.text("conserve") != "network") return;
    throw UsageError(fmt::format(
        "--conserve network learns from derivatives, and --model {} knows none: give a formula",
        config.text("model")));
  }
  if (config.is_default("segment")) return;
  throw UsageError(fmt::format("--segment: --model {} learns from derivatives, point by point",
                               config.text("model")));
}

void check_warmup(const Config& config) {
  if (config.integer("warmup") <= config.integer("steps")) return;
  throw UsageError(fmt::format("--warmup: {} must lie in [0, {}], the number of steps",
                               config.integer("warmup"), config.integer("steps")));
}

}  // namespace

std::vector<SettingSpec> settings_of_training() {
  constexpr learn::Adam adam{.weight_decay = 1e-4};
  std::vector<SettingSpec> settings{
      choice_setting("model", model_names().front(), model_names(), "what is trained"),
      {"widths", dataset::Integers{200, 200}, 1, 10000, "1", "of the hidden layers"},
      integer_setting("steps", learn::Training{}.steps, 1, most_steps, "of Adam"),
      number_setting("learning_rate", adam.learning_rate, least_positive, most, "1", "of Adam"),
      number_setting("weight_decay", adam.weight_decay, 0, most, "1", "added to the gradient"),
      choice_setting(
          "schedule", std::string(to_string(learn::Training{}.schedule)), learn::schedule_names(),
          "of the learning rate; linear and cosine fall to zero, cooldown in the last tenth"),
      integer_setting("warmup", 0, 0, most_steps, "steps over which the learning rate first grows"),
      number_setting("clip_norm", 0, 0, most, "1",
                     "length to which longer gradients are shortened; 0: never"),
      integer_setting("batch", 0, 0, most_steps,
                      "points (node: segments) a step, each once in an epoch; 0: all"),
      integer_setting("segment", learn::SegmentOptions{}.points, 2, most_steps,
                      "points of a segment, which node predicts from the first of them"),
      dataset::seed_setting("of the initial weights and of the batches"),
      choice_setting("precision", "float32", {"float32", "float64"}, "of weights and arithmetic"),
      dataset::switch_setting("noise_free", "learn from states instead of observations"),
      dataset::switch_setting("denoise", "learn from observations denoised by the derivatives"),
      dataset::switch_setting("joint_quantity",
                              "with --conserve network: it goes on learning with the model"),
      choice_setting("standardise", when_imported, {when_imported, "yes", "no"},
                     "learn in coordinates and derivatives over their spread; auto: of imported "
                     "data")};
  for (SettingSpec& setting : settings_of_tailoring()) settings.push_back(std::move(setting));
  return settings;
}

std::vector<SettingSpec> settings_of_tailoring() {
  const Tailoring tailoring;
  return {dataset::text_setting(
              "conserve", "",
              "a formula of the coordinates (\"p^2 - 3 cos(q)\"), energy or network; of a "
              "video predictor: work"),
          choice_setting("inner_step", std::string(to_string(tailoring.rule)),
                         learn::step_rule_names(), "how tailoring moves the weights"),
          number_setting("inner_rate", tailoring.rate, 0, most, "1",
                         fmt::format("of {}, which need one", base::join(rules_with_rate()))),
          integer_setting("inner_steps", tailoring.steps, 1, 1000, "how many of them"),
          choice_setting("layers", by_rule, {by_rule, "last", "all"},
                         "that move; auto: last, and all for sgd")};
}

void check_tailoring(const Config& config) {
  for (const SettingSpec& setting : settings_of_tailoring()) {
    if (config.text("conserve").empty() && !config.is_default(setting.key))
      throw UsageError(fmt::format("{} needs --conserve", dataset::flag_of(setting.key)));
  }
  const learn::StepRule rule = rule_of(config);
  const bool is_given = config.number("inner_rate") != 0;
  if (has_rate(rule) && !is_given)
    throw UsageError(fmt::format("--inner-step {} needs --inner-rate", to_string(rule)));
  if (!has_rate(rule) && is_given) {
    throw UsageError(fmt::format("--inner-rate belongs to --inner-step {}; {} has no rate",
                                 base::join(rules_with_rate()), to_string(rule)));
  }
}

Config training_config(Overrides overrides) {
  for (const char* origin : {"data_sha256", "from_sha256"}) overrides.erase(origin);
  overrides = with_defaults(std::move(overrides));
  const Config config("train", settings_of_training(), overrides);
  check_warmup(config);
  check_segment(config);
  check_tailoring(config);
  if (config.is_on("noise_free") && config.is_on("denoise"))
    throw UsageError("--denoise works on observations: leave out --noise-free");
  if (config.is_on("joint_quantity") && config.text("conserve") != "network")
    throw UsageError("--joint-quantity needs --conserve network");
  if (config.text("conserve").empty()) return config;
  overrides["layers"] = moves_all_layers(config) ? "all" : "last";
  return {"train", settings_of_training(), overrides};
}

Config training_config_from(const Checkpoint& other, const std::filesystem::path& path,
                            Overrides overrides) {
  const learn::ModelOptions options = base::with_context(
      fmt::format("'{}'", path.string()), [&] { return field_model(other).options(); });
  overrides.try_emplace("model", other.model->kind());
  const Config asked = training_config(overrides);
  const bool agrees = asked.text("model") == other.model->kind() &&
                      (!overrides.contains("widths") || asked.integers("widths") == options.hidden);
  if (!agrees) {
    throw UsageError(fmt::format("'{}' is {}, not {}: leave out --model and --widths",
                                 path.string(), other.model->text(),
                                 model_of(asked, options.dimension)->text()));
  }
  overrides["widths"] = dataset::to_text(options.hidden);
  return training_config(overrides);
}

learn::FieldModelPtr model_of(const Config& config, std::int64_t dimension) {
  return learn::find_model(config.text("model")).make({dimension, config.integers("widths")});
}

learn::DType dtype_of(const Config& config) {
  return config.text("precision") == "float64" ? learn::DType::f64 : learn::DType::f32;
}

std::optional<learn::Standardisation> units_of(const Config& config, const Task& task) {
  const std::string& when = config.text("standardise");
  if (when == when_imported ? !is_imported(task) : when == "no") return std::nullopt;
  return learn::standardisation_of(
      task.x, learns_from_trajectories(config) ? learn::differences(motion_of(task)) : task.dx_dt);
}

void check_learns_from(const Config& config, const Task& task) {
  if (!learns_from_trajectories(config) || !config.is_on("denoise")) return;
  if (task.derivatives == dataset::by_smoothing) return;
  throw UsageError(fmt::format(
      "--denoise integrates derivatives, and --model {} learns without them; it takes imported "
      "data whose states were smoothed",
      config.text("model")));
}

learn::Training training_of(const Config& config) {
  return {.steps = config.integer("steps"),
          .adam = {.learning_rate = config.number("learning_rate"),
                   .weight_decay = config.number("weight_decay")},
          .schedule = learn::schedule_of(config.text("schedule")),
          .warmup_steps = config.integer("warmup"),
          .clip_norm = config.number("clip_norm")};
}

std::optional<Tailoring> tailoring_of(const Config& config, const Task& task,
                                      const learn::Tensor& points) {
  const std::string& conserve = config.text("conserve");
  if (conserve.empty()) return std::nullopt;
  Tailoring tailoring = base::with_context("--conserve", [&] {
    return at_usual_scale(make_tailoring(conserve, task), task.coordinates, points);
  });
  tailoring.rule = rule_of(config);
  tailoring.rate = config.number("inner_rate");
  tailoring.steps = config.integer("inner_steps");
  tailoring.all_layers = moves_all_layers(config);
  return tailoring;
}

}  // namespace noether::bench
