#include "learn/models/node.h"

#include <fmt/format.h>

#include "base/error.h"
#include "learn/models/vanilla.h"

namespace noether::learn {

namespace {

constexpr std::string_view name = "node";

class Node : public NetworkModel {
 public:
  using NetworkModel::NetworkModel;
  std::string_view kind() const override { return name; }
  Field field() const override { return mlp_field(mlp_); }
  const Mlp* network() const override { return &mlp_; }
  std::vector<std::string> own() const override { return last_layer(mlp_); }
};

FieldModelPtr make(const ModelOptions& options) {
  return std::make_shared<Node>(network_of(options, options.dimension));
}

ModelPtr restore(const Configuration& configuration) {
  const Mlp mlp = network_of(configuration);
  if (mlp.widths.front() == mlp.widths.back()) return std::make_shared<Node>(mlp);
  throw base::DataError(fmt::format("its widths are {}: a {} has as many outputs as inputs",
                                    fmt::join(mlp.widths, "-"), name));
}

}  // namespace

ModelKind node_kind() {
  return {.name = name,
          .row = name,
          .description =
              "neural ODE (Chen et al. 2018): the network of vanilla, learned from trajectories "
              "alone, without derivatives",
          .learns_from = LearnsFrom::trajectories,
          .make = make,
          .restore = restore};
}

}  // namespace noether::learn
