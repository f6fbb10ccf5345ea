#include "bench/model/checkpoint.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/error.h"
#include "dataset/make/provenance.h"
#include "dataset/store/schema.h"
#include "dataset/store/writer.h"

namespace noether::bench {
namespace {

using dataset::Array;
using dataset::Attribute;
using learn::Params;

void add_arrays(const Params& params, const std::string& group, const std::string& description,
                std::vector<Array>& arrays) {
  for (const auto& [name, value] : params) {
    const auto extents = value.shape().extents();
    Array array{.path = group + name,
                .shape = {extents.begin(), extents.end()},
                .attributes = {{"units", std::string("1")}, {"description", description}}};
    learn::with_dtype(value.dtype(), [&, &tensor = value]<class T>(T) {
      array.type = dataset::element_type_of<T>();
      const auto values = tensor.template data<T>();
      if (!std::ranges::all_of(values, [](T v) { return std::isfinite(v); })) {
        throw base::NumericalError(
            fmt::format("a number in '{}' is not finite, so the model is not saved; try a smaller "
                        "learning rate",
                        array.path));
      }
      array.content = dataset::to_bytes<T>(values);
    });
    arrays.push_back(std::move(array));
  }
}

Array list_array(const std::string& path, const std::string& description,
                 const std::vector<std::int64_t>& values) {
  return {.path = path,
          .type = dataset::ElementType::i8,
          .shape = {static_cast<std::int64_t>(values.size())},
          .attributes = {{"units", std::string("1")}, {"description", description}},
          .content = dataset::to_bytes<std::int64_t>(values)};
}

// Lists are arrays, all else is an attribute.
void add_configuration(const learn::Configuration& configuration, dataset::Layout& layout) {
  for (const auto& [name, value] : configuration) {
    std::visit(
        [&, &key = name]<class T>(const T& typed) {
          if constexpr (std::is_same_v<T, std::vector<std::int64_t>>) {
            layout.arrays.push_back(
                list_array(configuration_group + key, "of the model's configuration", typed));
          } else {
            layout.attributes.push_back({configuration_prefix + key, typed});
          }
        },
        value);
  }
}

std::vector<Attribute> attributes_of(const Tailoring& tailoring) {
  return {{"conserve", tailoring.conserve},
          {"conserve_formula", tailoring.formula},
          {"inner_step", std::string(to_string(tailoring.rule))},
          {"inner_rate", tailoring.rate},
          {"inner_steps", tailoring.steps},
          {"inner_layers", std::string(tailoring.all_layers ? "all" : "last")}};
}

std::vector<Attribute> attributes_of(const Checkpoint& checkpoint, const VideoSetup& video) {
  std::vector<Attribute> attributes{{"training_final_share", checkpoint.training.final_share},
                                    {"view_crop", std::int64_t{video.view.crop}},
                                    {"view_average", std::int64_t{video.view.average}},
                                    {"view_channels", std::string(to_string(video.view.channels))},
                                    {"clip_frames", video.frames}};
  if (!video.tailoring) return attributes;
  attributes.push_back({"conserve", std::string("work")});
  attributes.push_back({"inner_share", video.tailoring->share});
  attributes.push_back({"inner_steps", video.tailoring->steps});
  return attributes;
}

std::vector<Attribute> attributes_of(const Checkpoint& checkpoint) {
  auto attributes = dataset::origin_attributes(
      {.schema = std::string(model_schema),
       .dataset_name = "noether/model/" + std::string(checkpoint.model->kind()),
       .system = checkpoint.system,
       .command_line = checkpoint.command_line,
       .seed = checkpoint.seed,
       .license = "that of the data"});
  std::ranges::find(attributes, "schema_version", &Attribute::name)->value =
      std::string(model_schema_version);
  std::vector<std::string> names;
  for (const auto& [name, value] : checkpoint.state.params) names.push_back(name);
  const learn::Training& training = checkpoint.training;
  std::vector<Attribute> own{{"model", std::string(checkpoint.model->kind())},
                             {"coordinate_names", checkpoint.coordinates},
                             {"weight_names", names},
                             {"data_sha256", checkpoint.data_sha256},
                             {"noise_std", checkpoint.noise_std},
                             {"training_steps", training.steps},
                             {"training_schedule", std::string(to_string(training.schedule))},
                             {"training_warmup_steps", training.warmup_steps},
                             {"training_clip_norm", training.clip_norm},
                             {"training_batch", checkpoint.batch},
                             {"training_learning_rate", training.adam.learning_rate},
                             {"training_beta1", training.adam.beta1},
                             {"training_beta2", training.adam.beta2},
                             {"training_epsilon", training.adam.epsilon},
                             {"training_weight_decay", training.adam.weight_decay},
                             {"step", checkpoint.state.step},
                             {"optimizer_steps", checkpoint.state.optimizer.steps},
                             {"loss", checkpoint.state.loss},
                             {"first_loss", checkpoint.state.first_loss}};
  if (checkpoint.video) {
    std::erase_if(own, [](const Attribute& attribute) {
      return attribute.name == "coordinate_names" || attribute.name == "noise_std";
    });
    const auto video = attributes_of(checkpoint, *checkpoint.video);
    own.insert(own.end(), video.begin(), video.end());
  }
  attributes.insert(attributes.end(), own.begin(), own.end());
  if (checkpoint.tailoring) {
    const auto inner = attributes_of(*checkpoint.tailoring);
    attributes.insert(attributes.end(), inner.begin(), inner.end());
  }
  return attributes;
}

// "hnn 2-200-200-1 predicts states"
std::string what_it_predicts(const learn::Model& model) {
  constexpr const char* names[] = {"states", "frames", "densities"};
  const auto predicts = learn::find_model(model.kind()).predicts;
  return fmt::format("{} predicts {}", model.text(), names[static_cast<std::size_t>(predicts)]);
}

}  // namespace

void save_checkpoint(const Checkpoint& checkpoint, const std::filesystem::path& path) {
  dataset::Layout layout{.attributes = attributes_of(checkpoint), .arrays = {}};
  add_configuration(checkpoint.model->configuration(), layout);
  if (checkpoint.tailoring && checkpoint.tailoring->by_network()) {
    layout.arrays.push_back(list_array("quantity/widths", "values in each layer, the input first",
                                       checkpoint.tailoring->network.widths));
  }
  const learn::TrainingState& state = checkpoint.state;
  add_arrays(state.params, weights_group,
             checkpoint.video ? "of the model or of g" : "W [out, in], b [out]", layout.arrays);
  add_arrays(state.optimizer.first_moment, first_moment_group, "Adam's mean of gradients",
             layout.arrays);
  add_arrays(state.optimizer.second_moment, second_moment_group, "Adam's mean of squared gradients",
             layout.arrays);
  const auto provenance = dataset::provenance_arrays(checkpoint.config_toml);
  layout.arrays.insert(layout.arrays.end(), provenance.begin(), provenance.end());
  dataset::write_dataset(layout, path);
}

const learn::FieldModel& field_model(const Checkpoint& checkpoint) {
  if (const auto* model = dynamic_cast<const learn::FieldModel*>(checkpoint.model.get()))
    return *model;
  throw base::DataError(fmt::format("{}, not states", what_it_predicts(*checkpoint.model)));
}

const learn::VideoPredictor& video_model(const Checkpoint& checkpoint) {
  if (const auto* model = dynamic_cast<const learn::VideoPredictor*>(checkpoint.model.get()))
    return *model;
  throw base::DataError(fmt::format("{}, not frames", what_it_predicts(*checkpoint.model)));
}

learn::WorkQuantity work_quantity_of(const Checkpoint& checkpoint) {
  const learn::VideoOptions& options = video_model(checkpoint).options();
  return {.pixels = options.channels * options.size * options.size, .actions = options.actions};
}

void check_fits(const Checkpoint& checkpoint, const std::filesystem::path& path,
                const std::vector<std::string>& task_coordinates, const std::string& data) {
  base::with_context(fmt::format("'{}'", path.string()), [&] { field_model(checkpoint); });
  if (checkpoint.coordinates == task_coordinates) return;
  throw base::DataError(fmt::format("'{}' is a model of {} coordinates ({}), but '{}' has {} ({})",
                                    path.string(), checkpoint.coordinates.size(),
                                    fmt::join(checkpoint.coordinates, ", "), data,
                                    task_coordinates.size(), fmt::join(task_coordinates, ", ")));
}

std::string other_system(const Checkpoint& checkpoint, const std::filesystem::path& path,
                         const std::string& task_system, const std::string& data) {
  if (checkpoint.system == task_system) return "";
  return fmt::format("'{}' is a model of {}, but '{}' holds data of {}", path.string(),
                     checkpoint.system, data, task_system);
}

}  // namespace noether::bench
