#include "learn/models/model.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/error.h"
#include "base/text.h"
#include "learn/models/flow.h"
#include "learn/models/hnn.h"
#include "learn/models/vanilla.h"
#include "learn/models/video.h"

namespace noether::learn {

std::span<const ModelKind> all_models() {
  static const std::array models{
      vanilla_kind(), hnn_kind(), node_kind(), video_kind(), flow_kind(),
  };
  return models;
}

const ModelKind& find_model(std::string_view name) {
  const auto found = std::ranges::find(all_models(), name, &ModelKind::name);
  if (found != all_models().end()) return *found;
  std::vector<std::string> names;
  for (const ModelKind& kind : all_models()) names.emplace_back(kind.name);
  throw base::UsageError(base::unknown_name("model", name, names));
}

void check_weights(const Model& model, const Params& params) {
  check_weights(model.init(0, DType::f32), params);
}

template <class T>
const T& value_of(const Configuration& configuration, std::string_view name) {
  const auto found = std::ranges::find(configuration, name, &Configuration::value_type::first);
  if (found != configuration.end()) {
    if (const T* value = std::get_if<T>(&found->second)) return *value;
  }
  throw base::DataError(
      fmt::format("its configuration has no '{}' of the type that was expected", name));
}
template const bool& value_of(const Configuration&, std::string_view);
template const std::int64_t& value_of(const Configuration&, std::string_view);
template const double& value_of(const Configuration&, std::string_view);
template const std::string& value_of(const Configuration&, std::string_view);
template const std::vector<std::int64_t>& value_of(const Configuration&, std::string_view);

Configuration NetworkModel::configuration() const {
  return {{"widths", mlp_.widths}, {"output_bias", mlp_.output_bias}};
}

ModelOptions NetworkModel::options() const {
  return {mlp_.widths.front(), {mlp_.widths.begin() + 1, mlp_.widths.end() - 1}};
}

std::string NetworkModel::text() const {
  return fmt::format("{} {}", kind(), fmt::join(mlp_.widths, "-"));
}

Params NetworkModel::init(std::uint64_t seed, DType dtype) const {
  return initial_weights(mlp_, seed, dtype);
}

Mlp network_of(const Configuration& configuration) {
  Mlp mlp{.widths = value_of<std::vector<std::int64_t>>(configuration, "widths"),
          .output_bias = value_of<bool>(configuration, "output_bias")};
  if (mlp.widths.size() < 3 || std::ranges::min(mlp.widths) < 1) {
    throw base::DataError(
        fmt::format("its widths are {}: an input, hidden layers and an output "
                    "were expected",
                    fmt::join(mlp.widths, "-")));
  }
  return mlp;
}

Mlp network_of(const ModelOptions& options, std::int64_t outputs) {
  if (options.hidden.empty() || std::ranges::min(options.hidden) < 1)
    throw base::UsageError("a network needs at least one hidden layer, each of positive width");
  std::vector<std::int64_t> widths{options.dimension};
  widths.insert(widths.end(), options.hidden.begin(), options.hidden.end());
  widths.push_back(outputs);
  return {.widths = widths};
}

}  // namespace noether::learn
