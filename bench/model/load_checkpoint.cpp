#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

#include "base/error.h"
#include "bench/model/checkpoint.h"
#include "dataset/store/dataset_file.h"
#include "dataset/store/schema.h"
#include "learn/noether/joint_weights.h"

namespace noether::bench {
namespace {

using dataset::H5File;
using learn::Params;
using learn::Tensor;

// A file that is being read; every question names it in its error.
class Reader {
 public:
  explicit Reader(const std::filesystem::path& path) : file_(dataset::open_h5(path)) {
    const std::string schema = file_.text_attribute("", "schema");
    if (schema == model_schema) return;
    fail(schema.empty()
             ? "is no model file of this program"
             : fmt::format("is no model file: its schema is '{}' where '{}' was expected", schema,
                           model_schema));
  }

  template <class T>
  T attribute(const std::string& name) const {
    const auto value = file_.attribute("", name);
    if (value && std::holds_alternative<T>(*value)) return std::get<T>(*value);
    fail(fmt::format("is no whole model file: the attribute '{}' is missing or of another type",
                     name));
  }

  bool has(const std::string& name) const { return file_.attribute("", name).has_value(); }
  std::vector<std::int64_t> widths(const std::string& array) const {
    require(array);
    return dataset::read_array<std::int64_t>(file_, array);
  }
  std::string text(const std::string& array) const {
    require(array);
    return file_.read_text(array).at(0);
  }
  Params params(const std::string& group, const std::vector<std::string>& names) const {
    Params params;
    for (const std::string& name : names) params.add(name, tensor(group + name));
    return params;
  }
  [[noreturn]] void fail(const std::string& what) const {
    throw base::DataError(fmt::format("'{}' {}", file_.path().string(), what));
  }

 private:
  void require(const std::string& array) const {
    if (!file_.contains(array))
      fail(fmt::format("is no whole model file: the array '{}' is missing", array));
  }

  template <class T>
  Tensor tensor_of(const std::string& array, const learn::Shape& shape) const {
    const auto values = dataset::read_array<T>(file_, array);
    if (!std::ranges::all_of(values, [](T v) { return std::isfinite(v); }))
      fail(fmt::format("holds a number that is not finite in '{}'", array));
    return Tensor::from<T>(values, shape);
  }

  Tensor tensor(const std::string& array) const {
    require(array);
    const auto form = file_.describe(array);
    if (form.shape.size() > learn::Shape::max_rank)
      fail(fmt::format("has '{}' of rank {}", array, form.shape.size()));
    const learn::Shape shape{std::span(form.shape)};
    return form.type == dataset::ElementType::f4 ? tensor_of<float>(array, shape)
                                                 : tensor_of<double>(array, shape);
  }

  H5File file_;
};

learn::Training read_training(const Reader& file) {
  learn::Training training{.steps = file.attribute<std::int64_t>("training_steps")};
  try {
    training.schedule = learn::schedule_of(file.attribute<std::string>("training_schedule"));
  } catch (const base::UsageError& error) {
    file.fail(fmt::format("is no model of this program: {}", error.what()));
  }
  training.adam = {.learning_rate = file.attribute<double>("training_learning_rate"),
                   .beta1 = file.attribute<double>("training_beta1"),
                   .beta2 = file.attribute<double>("training_beta2"),
                   .epsilon = file.attribute<double>("training_epsilon"),
                   .weight_decay = file.attribute<double>("training_weight_decay")};
  return training;
}

learn::TrainingState read_state(const Reader& file) {
  const auto names = file.attribute<std::vector<std::string>>("weight_names");
  return {.step = file.attribute<std::int64_t>("step"),
          .params = file.params(weights_group, names),
          .optimizer = {.steps = file.attribute<std::int64_t>("optimizer_steps"),
                        .first_moment = file.params(first_moment_group, names),
                        .second_moment = file.params(second_moment_group, names)},
          .loss = file.attribute<double>("loss"),
          .first_loss = file.attribute<double>("first_loss")};
}

std::optional<Tailoring> read_tailoring(const Reader& file,
                                        const std::vector<std::string>& coordinates) {
  if (!file.has("conserve")) return std::nullopt;
  Tailoring tailoring{.conserve = file.attribute<std::string>("conserve"),
                      .formula = file.attribute<std::string>("conserve_formula"),
                      .rate = file.attribute<double>("inner_rate"),
                      .steps = file.attribute<std::int64_t>("inner_steps"),
                      .all_layers = file.attribute<std::string>("inner_layers") == "all"};
  if (tailoring.by_network()) tailoring.network = {file.widths("quantity/widths")};
  try {
    tailoring.rule = learn::step_rule_of(file.attribute<std::string>("inner_step"));
    static_cast<void>(quantity_of(tailoring, coordinates));
  } catch (const base::UsageError& error) {
    file.fail(fmt::format("is no model of this program: {}", error.what()));
  }
  if (tailoring.steps < 1 || !std::in_range<int>(tailoring.steps))
    file.fail(fmt::format("has {} inner steps", tailoring.steps));
  const bool has_rate = std::isfinite(tailoring.rate) && tailoring.rate > 0;
  if (tailoring.rule == learn::StepRule::sgd && !has_rate)
    file.fail(fmt::format("has the inner rate {:g}", tailoring.rate));
  return tailoring;
}

Model read_model(const Reader& file, std::size_t dimension) {
  const auto widths = file.widths("model/widths");
  const auto name = file.attribute<std::string>("model");
  if (widths.size() < 3 || widths.front() != static_cast<std::int64_t>(dimension)) {
    file.fail(
        fmt::format("has widths {} for {} coordinates", dataset::shape_text(widths), dimension));
  }
  Model model;
  try {
    model = make_model(name, widths.front(), std::span(widths).subspan(1, widths.size() - 2));
  } catch (const base::UsageError& error) {
    file.fail(fmt::format("is no model of this program: {}", error.what()));
  }
  model.mlp.output_bias = file.attribute<bool>("output_bias");
  if (model.mlp.widths != widths)
    file.fail(fmt::format("has widths {}, not those of a {}", dataset::shape_text(widths), name));
  return model;
}

void check_all_weights(const Checkpoint& checkpoint) {
  const learn::TrainingState& state = checkpoint.state;
  for (const Params* params :
       {&state.params, &state.optimizer.first_moment, &state.optimizer.second_moment}) {
    const auto [theta, phi] = learn::split(*params);
    learn::check_weights(checkpoint.model.mlp, theta);
    if (checkpoint.tailoring && checkpoint.tailoring->by_network())
      learn::check_weights(checkpoint.tailoring->network, phi);
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
  Checkpoint checkpoint{.model = {},
                        .system = file.attribute<std::string>("system"),
                        .coordinates = file.attribute<std::vector<std::string>>("coordinate_names"),
                        .data_sha256 = file.attribute<std::string>("data_sha256"),
                        .noise_std = file.attribute<double>("noise_std"),
                        .seed = file.attribute<std::uint64_t>("seed"),
                        .training = read_training(file),
                        .state = read_state(file),
                        .command_line = file.attribute<std::string>("command_line"),
                        .config_toml = file.text("provenance/config"),
                        .content_sha256 = file.attribute<std::string>("content_sha256"),
                        .build = file.text("provenance/build")};
  checkpoint.model = read_model(file, checkpoint.coordinates.size());
  checkpoint.tailoring = read_tailoring(file, checkpoint.coordinates);
  check_state(file, checkpoint);
  try {
    check_all_weights(checkpoint);
  } catch (const base::DataError& error) {
    file.fail(fmt::format("does not hold what its network needs: {}", error.what()));
  }
  return checkpoint;
}

}  // namespace noether::bench
