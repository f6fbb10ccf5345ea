#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "base/error.h"
#include "bench/model/checkpoint.h"
#include "bench/model/model_reader.h"
#include "learn/autodiff/ops.h"
#include "learn/models/flow.h"
#include "learn/noether/joint_weights.h"

namespace noether::bench {
namespace {

using Reader = ModelReader;
using learn::Params;

learn::Training read_training(const Reader& file) {
  learn::Training training{.steps = file.attribute<std::int64_t>("training_steps")};
  try {
    training.schedule = learn::schedule_of(file.attribute<std::string>("training_schedule"));
  } catch (const base::UsageError& error) {
    file.fail(fmt::format("is no model of this program: {}", error.what()));
  }
  training.warmup_steps = file.attribute_since_2("training_warmup_steps", std::int64_t{0});
  training.clip_norm = file.attribute_since_2("training_clip_norm", 0.0);
  if (file.has("training_final_share"))
    training.final_share = file.attribute<double>("training_final_share");
  training.adam = {.learning_rate = file.attribute<double>("training_learning_rate"),
                   .beta1 = file.attribute<double>("training_beta1"),
                   .beta2 = file.attribute<double>("training_beta2"),
                   .epsilon = file.attribute<double>("training_epsilon"),
                   .weight_decay = file.attribute<double>("training_weight_decay")};
  return training;
}

// The weights of a neural quantity times `factor`.
Params with_phi_scaled(const Params& joint, double factor) {
  Params scaled;
  for (const auto& [name, value] : joint)
    scaled.add(name, name.starts_with(learn::phi_prefix) ? scale(value, factor) : value);
  return scaled;
}

learn::TrainingState read_state(const Reader& file) {
  const auto names = file.attribute<std::vector<std::string>>("weight_names");
  learn::TrainingState state{
      .step = file.attribute<std::int64_t>("step"),
      .params = file.params(weights_group, names),
      .optimizer = {.steps = file.attribute<std::int64_t>("optimizer_steps"),
                    .first_moment = file.params(first_moment_group, names),
                    .second_moment = file.params(second_moment_group, names)},
      .loss = file.attribute<double>("loss"),
      .first_loss = file.attribute<double>("first_loss")};
  if (file.is_first_version()) {
    // phi was divided by the unit that it was trained in
    constexpr double unit = 0.3;
    state.params = with_phi_scaled(state.params, unit);
    state.optimizer.first_moment = with_phi_scaled(state.optimizer.first_moment, 1 / unit);
    state.optimizer.second_moment =
        with_phi_scaled(state.optimizer.second_moment, 1 / (unit * unit));
  }
  return state;
}

std::optional<Tailoring> read_tailoring(const Reader& file,
                                        const std::vector<std::string>& coordinates) {
  if (!file.has("conserve")) return std::nullopt;
  Tailoring tailoring{.conserve = file.attribute<std::string>("conserve"),
                      .formula = file.attribute<std::string>("conserve_formula"),
                      .rate = file.attribute<double>("inner_rate"),
                      .steps = file.attribute<std::int64_t>("inner_steps"),
                      .all_layers = file.attribute<std::string>("inner_layers") == "all"};
  if (tailoring.by_network()) tailoring.network = {file.list("quantity/widths")};
  try {
    tailoring.rule = learn::step_rule_of(file.attribute<std::string>("inner_step"));
    static_cast<void>(quantity_of(tailoring, coordinates));
  } catch (const base::UsageError& error) {
    file.fail(fmt::format("is no model of this program: {}", error.what()));
  }
  if (tailoring.steps < 1 || !std::in_range<int>(tailoring.steps))
    file.fail(fmt::format("has {} inner steps", tailoring.steps));
  const bool is_rate = std::isfinite(tailoring.rate) && tailoring.rate > 0;
  if (has_rate(tailoring.rule) && !is_rate)
    file.fail(fmt::format("has the inner rate {:g}", tailoring.rate));
  return tailoring;
}

learn::ModelPtr read_model(const Reader& file) {
  const auto name = file.attribute<std::string>("model");
  const learn::Configuration configuration = file.configuration();
  try {
    return learn::find_model(name).restore(configuration);
  } catch (const base::Error& error) {
    file.fail(fmt::format("is no model of this program: {}", error.what()));
  }
}

// What models of states and of densities have.
void read_coordinates(const Reader& file, std::int64_t dimension, Checkpoint& checkpoint) {
  checkpoint.coordinates = file.attribute<std::vector<std::string>>("coordinate_names");
  checkpoint.noise_std = file.attribute<double>("noise_std");
  if (dimension == std::ssize(checkpoint.coordinates)) return;
  file.fail(fmt::format("is {}, but of {} coordinates", checkpoint.model->text(),
                        checkpoint.coordinates.size()));
}

// What only a video predictor has.
VideoSetup read_video(const Reader& file, const learn::VideoPredictor& model) {
  const auto positive = [&](const std::string& name) {
    const auto value = file.attribute<std::int64_t>(name);
    if (value < 1 || !std::in_range<int>(value)) file.fail(fmt::format("has {} = {}", name, value));
    return static_cast<int>(value);
  };
  VideoSetup setup{.view = {.crop = positive("view_crop"), .average = positive("view_average")},
                   .frames = positive("clip_frames")};
  const auto channels = file.attribute<std::string>("view_channels");
  const auto known = channels_of(channels);
  if (!known || channel_count(*known) != model.options().channels)
    file.fail(fmt::format("is {}, but of the channels '{}'", model.text(), channels));
  setup.view.channels = *known;
  if (setup.frames <= model.options().history)
    file.fail(fmt::format("has clips of {} frames, {} of them of history", setup.frames,
                          model.options().history));
  if (!file.has("conserve")) return setup;
  setup.tailoring = {.share = file.attribute<double>("inner_share"),
                     .steps = positive("inner_steps")};
  const double share = setup.tailoring->share;
  if (!std::isfinite(share) || share <= 0) file.fail(fmt::format("has the share {:g}", share));
  return setup;
}

void check_all_weights(const Checkpoint& checkpoint) {
  const learn::TrainingState& state = checkpoint.state;
  for (const Params* params :
       {&state.params, &state.optimizer.first_moment, &state.optimizer.second_moment}) {
    const auto [theta, phi] = learn::split(*params);
    learn::check_weights(*checkpoint.model, theta);
    if (checkpoint.tailoring && checkpoint.tailoring->by_network())
      learn::check_weights(checkpoint.tailoring->network, phi);
    if (checkpoint.video && checkpoint.video->tailoring)
      learn::check_weights(work_quantity_of(checkpoint).init(0, learn::DType::f32), phi);
  }
}

void check_state(const Reader& file, const Checkpoint& checkpoint) {
  const learn::TrainingState& state = checkpoint.state;
  if (state.step < 0 || state.step > checkpoint.training.steps) {
    file.fail(
        fmt::format("has done step {} of {} in training", state.step, checkpoint.training.steps));
  }
  if (state.params.size() == 0) file.fail("holds no weights");
  const learn::DType dtype = state.params.begin()->second.dtype();
  for (const Params* params :
       {&state.params, &state.optimizer.first_moment, &state.optimizer.second_moment}) {
    for (const auto& [name, value] : *params) {
      if (value.dtype() != dtype)
        file.fail(fmt::format("holds '{}' in another precision than the other weights", name));
    }
  }
}

}  // namespace

Checkpoint load_checkpoint(const std::filesystem::path& path) {
  const Reader file(path);
  Checkpoint checkpoint{.model = read_model(file),
                        .system = file.attribute<std::string>("system"),
                        .data_sha256 = file.attribute<std::string>("data_sha256"),
                        .seed = file.attribute<std::uint64_t>("seed"),
                        .batch = file.attribute_since_2("training_batch", std::int64_t{0}),
                        .training = read_training(file),
                        .state = read_state(file),
                        .command_line = file.attribute<std::string>("command_line"),
                        .config_toml = file.text("provenance/config"),
                        .content_sha256 = file.attribute<std::string>("content_sha256"),
                        .build = file.text("provenance/build")};
  if (const auto* video = dynamic_cast<const learn::VideoPredictor*>(checkpoint.model.get())) {
    checkpoint.video = read_video(file, *video);
  } else if (const auto* flow = dynamic_cast<const learn::Flow*>(checkpoint.model.get())) {
    read_coordinates(file, flow->dimension(), checkpoint);
  } else {
    read_coordinates(file, field_model(checkpoint).options().dimension, checkpoint);
    checkpoint.tailoring = read_tailoring(file, checkpoint.coordinates);
  }
  check_state(file, checkpoint);
  try {
    check_all_weights(checkpoint);
  } catch (const base::DataError& error) {
    file.fail(fmt::format("does not hold what its model needs: {}", error.what()));
  }
  return checkpoint;
}

}  // namespace noether::bench
