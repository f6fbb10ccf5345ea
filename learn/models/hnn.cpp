#include "learn/models/hnn.h"

#include <fmt/format.h>

#include "base/error.h"
#include "learn/autodiff/ops.h"
#include "learn/autodiff/transforms.h"

namespace noether::learn {

namespace {

constexpr std::string_view name = "hnn";

class Hnn : public NetworkModel {
 public:
  using NetworkModel::NetworkModel;
  std::string_view kind() const override { return name; }
  Field field() const override { return hamiltonian_field(mlp_); }
};

FieldModelPtr make(const ModelOptions& options) {
  if (options.dimension % 2 == 0) return std::make_shared<Hnn>(network_of(options, 1));
  throw base::UsageError(fmt::format(
      "{} needs coordinates and momenta, equally many, but the data have {} coordinates", name,
      options.dimension));
}

ModelPtr restore(const Configuration& configuration) {
  const Mlp mlp = network_of(configuration);
  if (mlp.widths.front() % 2 == 0 && mlp.widths.back() == 1) return std::make_shared<Hnn>(mlp);
  throw base::DataError(
      fmt::format("its widths are {}: an {} has an even number of inputs and one output",
                  fmt::join(mlp.widths, "-"), name));
}

}  // namespace

Field hamiltonian_field(const Mlp& mlp) {
  if (mlp.widths.front() % 2 != 0 || mlp.widths.back() != 1) {
    throw base::UsageError(
        "a Hamiltonian maps coordinates and momenta, equally many, to one value");
  }
  return [mlp, half = mlp.widths.front() / 2](const Params& params, const Tensor& x) {
    const Tensor slope = grad([&](const Tensor& at) { return sum(mlp(params, at)); }, x);
    const Tensor dq = slice(slope, 1, 0, half), dp = slice(slope, 1, half, 2 * half);
    return concat(Tensors{dp, neg(dq)}, 1);
  };
}

ModelKind hnn_kind() {
  return {.name = name,
          .row = name,
          .description =
              "Hamiltonian network (Greydanus et al. 2019): a tanh network gives "
              "H(q, p), dx/dt = J grad H",
          .make = make,
          .restore = restore};
}

}  // namespace noether::learn
