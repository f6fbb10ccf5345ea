#include "learn/nn/mlp.h"

#include <fmt/format.h>

#include <Eigen/QR>
#include <cmath>

#include "base/error.h"
#include "base/random.h"
#include "learn/autodiff/ops.h"

namespace noether::learn {

namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

// rows x columns with orthonormal rows or columns, whichever are fewer
Matrix orthogonal(std::int64_t rows, std::int64_t columns, base::RandomStream& random) {
  Matrix normal(std::max(rows, columns), std::min(rows, columns));
  for (double& value : normal.reshaped<Eigen::RowMajor>()) value = random.normal();
  const Eigen::HouseholderQR<Matrix> qr(normal);
  Matrix q = qr.householderQ() * Matrix::Identity(normal.rows(), normal.cols());
  for (Eigen::Index j = 0; j < q.cols(); ++j) {
    if (qr.matrixQR()(j, j) < 0) q.col(j) *= -1;
  }
  return rows < columns ? Matrix(q.transpose()) : q;
}

}  // namespace

std::string weight_name(int layer) { return fmt::format("W{}", layer); }
std::string bias_name(int layer) { return fmt::format("b{}", layer); }

std::vector<std::string> last_layer(const Mlp& mlp) {
  std::vector<std::string> names{weight_name(mlp.layers())};
  if (mlp.output_bias) names.push_back(bias_name(mlp.layers()));
  return names;
}

Tensor apply_layer(const Mlp& mlp, const Params& params, int layer, const Tensor& h) {
  const Tensor& W = params[weight_name(layer)];
  return mlp.has_bias(layer) ? linear(h, W, params[bias_name(layer)]) : matmul(h, W, false, true);
}

Tensor Mlp::operator()(const Params& params, const Tensor& x) const {
  Tensor h = x;
  for (int layer = 1; layer < layers(); ++layer) h = tanh(apply_layer(*this, params, layer, h));
  return apply_layer(*this, params, layers(), h);
}

Params initial_weights(const Mlp& mlp, std::uint64_t seed, DType dtype) {
  Params params;
  for (int layer = 1; layer <= mlp.layers(); ++layer) {
    const std::int64_t in = mlp.widths[static_cast<std::size_t>(layer - 1)],
                       out = mlp.widths[static_cast<std::size_t>(layer)];
    base::RandomStream random(seed, base::Purpose::weights, static_cast<std::uint64_t>(layer));
    const Matrix W = orthogonal(out, in, random);
    const auto values = std::span(W.data(), static_cast<std::size_t>(W.size()));
    params.add(weight_name(layer), cast(Tensor::from<double>(values, {out, in}), dtype));
    if (!mlp.has_bias(layer)) continue;
    const double bound = 1 / std::sqrt(static_cast<double>(in));
    std::vector<double> b;
    for (std::int64_t i = 0; i < out; ++i) b.push_back(random.uniform(-bound, bound));
    params.add(bias_name(layer), cast(Tensor::from<double>(b, {out}), dtype));
  }
  return params;
}

void check_weights(const Mlp& mlp, const Params& params) {
  check_weights(initial_weights(mlp, 0, DType::f32), params);
}

void check_weights(const Params& expected, const Params& params) {
  if (params.size() != expected.size()) {
    throw base::DataError(
        fmt::format("the network has {} weight arrays, not {}", expected.size(), params.size()));
  }
  for (const auto& [name, value] : expected) {
    if (!params.contains(name))
      throw base::DataError(fmt::format("weights '{}' are missing", name));
    if (params[name].shape() != value.shape()) {
      throw base::DataError(fmt::format("weights '{}' are {}, the network expects {}", name,
                                        to_string(params[name].shape()), to_string(value.shape())));
    }
  }
}

}  // namespace noether::learn
