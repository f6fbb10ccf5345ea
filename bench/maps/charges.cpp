#include "bench/maps/charges.h"

#include <algorithm>
#include <cmath>

#include "learn/autodiff/ops.h"
#include "learn/autodiff/transforms.h"

namespace noether::bench {
namespace {

using learn::Params;
using learn::Tensor;

// The data loss by each map's c and v, and the cotangents of all layers.
struct Backward {
  learn::Tensors cotangents;
  std::vector<std::vector<double>> by_c, by_v;  // [layer][2]
};

Backward backward(const MapScene& scene, const Params& maps, const learn::Tensors& layers) {
  const auto count = static_cast<std::size_t>(scene.maps);
  Backward back{learn::Tensors(count + 1), std::vector<std::vector<double>>(count),
                std::vector<std::vector<double>>(count)};
  const auto n = static_cast<double>(scene.start.shape()[0]);
  back.cotangents[count] = scale(layers.back() - scene.goal, 2 / n);
  for (std::size_t l = count; l-- > 0;) {
    const auto row = static_cast<std::int64_t>(l);
    const Params at{{"x", layers[l]},
                    {"c", slice(maps["c"], 0, row, row + 1)},
                    {"v", slice(maps["v"], 0, row, row + 1)}};
    const auto [value, pullback] =
        learn::vjp([&](const Params& p) { return apply_map(scene, p["x"], p["c"], p["v"]); }, at);
    const Params slopes = pullback(back.cotangents[l + 1]);
    back.cotangents[l] = slopes["x"];
    back.by_c[l] = slopes["c"].to_vector();
    back.by_v[l] = slopes["v"].to_vector();
  }
  return back;
}

double cross(const std::vector<double>& a, const std::vector<double>& b) {
  return a[0] * b[1] - a[1] * b[0];
}

// Appends P and J of one layer: of the points of `cluster`, or of all where it is negative.
void append(ChargeCurves& curves, const std::vector<double>& x, const std::vector<double>& a,
            const std::vector<int>& clusters, int cluster) {
  double px = 0, py = 0, angular = 0;
  for (std::size_t i = 0; i < clusters.size(); ++i) {
    if (cluster >= 0 && clusters[i] != cluster) continue;
    px += a[2 * i];
    py += a[2 * i + 1];
    angular += x[2 * i] * a[2 * i + 1] - x[2 * i + 1] * a[2 * i];
  }
  curves.momentum_x.push_back(px);
  curves.momentum_y.push_back(py);
  curves.angular.push_back(angular);
}

void widen_sizes(Charges& charges, const std::vector<double>& x, const std::vector<double>& a) {
  double sum = 0, moments = 0;
  for (std::size_t i = 0; i + 1 < a.size(); i += 2) {
    const double length = std::hypot(a[i], a[i + 1]);
    sum += length;
    moments += length * std::hypot(x[i], x[i + 1]);
  }
  charges.momentum_size = std::max(charges.momentum_size, sum);
  charges.angular_size = std::max(charges.angular_size, moments);
}

void check_identities(Charges& charges, const Params& maps, const Backward& back) {
  const auto c = maps["c"].to_vector(), v = maps["v"].to_vector();
  const auto& [px, py, angular] = charges.all;
  for (std::size_t l = 0; l < back.by_c.size(); ++l) {
    const auto &by_c = back.by_c[l], &by_v = back.by_v[l];
    const double turned =
        cross({c[2 * l], c[2 * l + 1]}, by_c) + cross({v[2 * l], v[2 * l + 1]}, by_v);
    const double off = std::hypot(px[l + 1] - px[l] - by_c[0], py[l + 1] - py[l] - by_c[1]);
    charges.momentum_identity = std::max(charges.momentum_identity, off / charges.momentum_size);
    charges.angular_identity =
        std::max(charges.angular_identity,
                 std::abs(angular[l + 1] - angular[l] - turned) / charges.angular_size);
  }
}

}  // namespace

Charges charges_of(const MapScene& scene, const Params& maps) {
  Charges charges{.points = layers_of(scene, maps)};
  const Backward back = backward(scene, maps, charges.points);
  charges.cotangents = back.cotangents;
  const int clusters = *std::ranges::max_element(scene.cluster) + 1;
  charges.of_cluster.resize(static_cast<std::size_t>(clusters));
  for (std::size_t l = 0; l < charges.points.size(); ++l) {
    const auto x = charges.points[l].to_vector(), a = charges.cotangents[l].to_vector();
    append(charges.all, x, a, scene.cluster, -1);
    for (int k = 0; k < clusters; ++k)
      append(charges.of_cluster[static_cast<std::size_t>(k)], x, a, scene.cluster, k);
    widen_sizes(charges, x, a);
  }
  check_identities(charges, maps, back);
  return charges;
}

std::vector<double> momentum_change(const Charges& charges, const ChargeCurves& curves) {
  const auto& [x, y, angular] = curves;
  std::vector<double> changes;
  for (std::size_t l = 0; l < x.size(); ++l)
    changes.push_back(std::hypot(x[l] - x[0], y[l] - y[0]) / charges.momentum_size);
  return changes;
}

std::vector<double> angular_change(const Charges& charges, const ChargeCurves& curves) {
  std::vector<double> changes;
  for (const double value : curves.angular)
    changes.push_back(std::abs(value - curves.angular[0]) / charges.angular_size);
  return changes;
}

}  // namespace noether::bench
