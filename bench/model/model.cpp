#include "bench/model/model.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/error.h"
#include "base/text.h"

namespace noether::bench {

std::span<const ModelInfo> all_models() {
  static constexpr std::array models{
      ModelInfo{"mlp", "vanilla: a tanh network gives dx/dt = f(x)"},
      ModelInfo{"hnn",
                "Hamiltonian network (Greydanus et al. 2019): a tanh network gives H(q, p), "
                "dx/dt = J grad H"}};
  return models;
}

Model make_model(std::string_view name, std::int64_t dimension,
                 std::span<const std::int64_t> hidden) {
  if (std::ranges::find(all_models(), name, &ModelInfo::name) == all_models().end()) {
    std::vector<std::string> names;
    for (const ModelInfo& model : all_models()) names.emplace_back(model.name);
    throw base::UsageError(base::unknown_name("model", name, names));
  }
  if (hidden.empty() || std::ranges::min(hidden) < 1)
    throw base::UsageError("a network needs at least one hidden layer, each of positive width");
  const bool hamiltonian = name == "hnn";
  if (hamiltonian && dimension % 2 != 0) {
    throw base::UsageError(fmt::format(
        "hnn needs coordinates and momenta, equally many, but the data have {} coordinates",
        dimension));
  }
  Model model{std::string(name), {.widths = {dimension}}};
  model.mlp.widths.insert(model.mlp.widths.end(), hidden.begin(), hidden.end());
  model.mlp.widths.push_back(hamiltonian ? 1 : dimension);
  return model;
}

learn::Field field_of(const Model& model) {
  return model.name == "hnn" ? learn::hamiltonian_field(model.mlp) : learn::mlp_field(model.mlp);
}

std::string to_string(const Model& model) {
  return fmt::format("{} {}", model.name, fmt::join(model.mlp.widths, "-"));
}

}  // namespace noether::bench
