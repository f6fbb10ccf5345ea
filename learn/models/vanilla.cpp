#include "learn/models/vanilla.h"

#include <fmt/format.h>

#include "base/error.h"

namespace noether::learn {

namespace {

struct Naming {
  std::string_view name, with_article;
};
constexpr Naming vanilla{"mlp", "an mlp"}, node{"node", "a node"};

template <const Naming& naming>
class MlpModel : public NetworkModel {
 public:
  using NetworkModel::NetworkModel;
  std::string_view kind() const override { return naming.name; }
  Field field() const override { return mlp_field(mlp_); }
  const Mlp* network() const override { return &mlp_; }
  std::vector<std::string> own() const override { return last_layer(mlp_); }

  static FieldModelPtr make(const ModelOptions& options) {
    return std::make_shared<MlpModel>(network_of(options, options.dimension));
  }

  static ModelPtr restore(const Configuration& configuration) {
    const Mlp mlp = network_of(configuration);
    if (mlp.widths.front() == mlp.widths.back()) return std::make_shared<MlpModel>(mlp);
    throw base::DataError(fmt::format("its widths are {}: {} has as many outputs as inputs",
                                      fmt::join(mlp.widths, "-"), naming.with_article));
  }
};

}  // namespace

Field mlp_field(const Mlp& mlp) {
  return [mlp](const Params& params, const Tensor& x) { return mlp(params, x); };
}

ModelKind vanilla_kind() {
  return {.name = vanilla.name,
          .row = "vanilla",
          .description = "vanilla: a tanh network gives dx/dt = f(x)",
          .make = MlpModel<vanilla>::make,
          .restore = MlpModel<vanilla>::restore};
}

ModelKind node_kind() {
  return {.name = node.name,
          .row = node.name,
          .description =
              "neural ODE (Chen et al. 2018): the network of vanilla, learned from trajectories "
              "alone, without derivatives",
          .learns_from = LearnsFrom::trajectories,
          .make = MlpModel<node>::make,
          .restore = MlpModel<node>::restore};
}

}  // namespace noether::learn
