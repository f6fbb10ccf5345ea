#include "learn/models/vanilla.h"

#include <fmt/format.h>

#include "base/error.h"

namespace noether::learn {

namespace {

constexpr std::string_view name = "mlp";

class Vanilla : public NetworkModel {
 public:
  using NetworkModel::NetworkModel;
  std::string_view kind() const override { return name; }
  Field field() const override { return mlp_field(mlp_); }
  const Mlp* network() const override { return &mlp_; }
  std::vector<std::string> own() const override { return last_layer(mlp_); }
};

FieldModelPtr make(const ModelOptions& options) {
  return std::make_shared<Vanilla>(network_of(options, options.dimension));
}

ModelPtr restore(const Configuration& configuration) {
  const Mlp mlp = network_of(configuration);
  if (mlp.widths.front() == mlp.widths.back()) return std::make_shared<Vanilla>(mlp);
  throw base::DataError(fmt::format("its widths are {}: an {} has as many outputs as inputs",
                                    fmt::join(mlp.widths, "-"), name));
}

}  // namespace

Field mlp_field(const Mlp& mlp) {
  return [mlp](const Params& params, const Tensor& x) { return mlp(params, x); };
}

ModelKind vanilla_kind() {
  return {.name = name,
          .row = "vanilla",
          .description = "vanilla: a tanh network gives dx/dt = f(x)",
          .make = make,
          .restore = restore};
}

}  // namespace noether::learn
