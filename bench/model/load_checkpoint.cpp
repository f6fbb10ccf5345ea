#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

#include "base/error.h"
#include "bench/model/checkpoint.h"
#include "dataset/store/dataset_file.h"
#include "dataset/store/schema.h"
#include "learn/autodiff/ops.h"
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
    if (schema != model_schema) {
      fail(schema.empty()
               ? "is no model file of this program"
               : fmt::format("is no model file: its schema is '{}' where '{}' was expected", schema,
                             model_schema));
    }
    const std::string version = file_.text_attribute("", "schema_version");
    is_first_version_ = version == "1.0.0";
    if (is_first_version_ || version == model_schema_version) return;
    fail(
        fmt::format("is a model file of version '{}', and this program reads 1.0.0 and {}: use the "
                    "program that wrote it ({}), or train the model again",
                    version, model_schema_version, file_.text_attribute("", "git_describe")));
  }

  bool is_first_version() const { return is_first_version_; }

  template <class T>
  T attribute(const std::string& name) const {
    const auto value = file_.attribute("", name);
    if (value && std::holds_alternative<T>(*value)) return std::get<T>(*value);
    fail(fmt::format("is no whole model file: the attribute '{}' is missing or of another type",
                     name));
  }

  // The same of what files have had since version 2: before, there was only `before`.
  template <class T>
  T attribute_since_2(const std::string& name, const T& before) const {
    return is_first_version_ ? before : attribute<T>(name);
  }

  bool has(const std::string& name) const { return file_.attribute("", name).has_value(); }
  std::vector<std::int64_t> list(const std::string& array) const {
    require(array);
    return dataset::read_array<std::int64_t>(file_, array);
  }
  // All that the file says of the model, whatever the model.
  learn::Configuration configuration() const {
    learn::Configuration all;
    for (const std::string& array : file_.array_paths()) {
      if (array.starts_with(configuration_group))
        all.emplace_back(array.substr(configuration_group.size()), list(array));
    }
    for (const std::string& name : file_.attribute_names("")) {
      if (name.starts_with(configuration_prefix))
        add_attribute(name, name.substr(configuration_prefix.size()), all);
    }
    if (is_first_version_) all.emplace_back("output_bias", attribute<bool>("output_bias"));
    return all;
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
  void add_attribute(const std::string& name, const std::string& key,
                     learn::Configuration& all) const {
    const auto value = file_.attribute("", name).value();
    std::visit(
        [&]<class T>(const T& typed) {
          if constexpr (std::is_constructible_v<learn::ConfigurationValue, T> &&
                        !std::is_same_v<T, std::int8_t> && !std::is_same_v<T, std::uint64_t>) {
            all.emplace_back(key, typed);
          }
        },
        value);
  }
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
  bool is_first_version_ = false;
};

learn::Training read_training(const Reader& file) {
  learn::Training training{.steps = file.attribute<std::int64_t>("training_steps")};
  try {
    training.schedule = learn::schedule_of(file.attribute<std::string>("training_schedule"));
  } catch (const base::UsageError& error) {
    file.fail(fmt::format("is no model of this program: {}", error.what()));
  }
  training.warmup_steps = file.attribute_since_2("training_warmup_steps", std::int64_t{0});
  training.clip_norm = file.attribute_since_2("training_clip_norm", 0.0);
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

learn::ModelPtr read_model(const Reader& file, std::size_t dimension) {
  const auto name = file.attribute<std::string>("model");
  const learn::Configuration configuration = file.configuration();
  learn::ModelPtr model;
  try {
    model = learn::find_model(name).restore(configuration);
  } catch (const base::Error& error) {
    file.fail(fmt::format("is no model of this program: {}", error.what()));
  }
  if (model->options().dimension != static_cast<std::int64_t>(dimension))
    file.fail(fmt::format("is {}, but of {} coordinates", model->text(), dimension));
  return model;
}

void check_all_weights(const Checkpoint& checkpoint) {
  const learn::TrainingState& state = checkpoint.state;
  for (const Params* params :
       {&state.params, &state.optimizer.first_moment, &state.optimizer.second_moment}) {
    const auto [theta, phi] = learn::split(*params);
    learn::check_weights(*checkpoint.model, theta);
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
                        .batch = file.attribute_since_2("training_batch", std::int64_t{0}),
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
    file.fail(fmt::format("does not hold what its model needs: {}", error.what()));
  }
  return checkpoint;
}

}  // namespace noether::bench
