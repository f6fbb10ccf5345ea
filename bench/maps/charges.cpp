#include "bench/maps/charges.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "learn/autodiff/ops.h"
#include "learn/autodiff/transforms.h"

namespace noether::bench {
namespace {

using learn::Params;
using learn::Tensor;

// The slopes of the data loss by the parameters of each map, and the cotangents of all layers.
struct Backward {
  learn::Tensors cotangents;
  std::vector<Params> by_map;
};

Backward backward(const MapScene& scene, const Params& maps, const learn::Tensors& layers) {
  const auto count = static_cast<std::size_t>(scene.maps);
  Backward back{learn::Tensors(count + 1), std::vector<Params>(count)};
  const auto n = static_cast<double>(scene.start.shape()[0]);
  back.cotangents[count] = scale(layers.back() - scene.goal, 2 / n);
  for (std::size_t l = count; l-- > 0;) {
    Params at = map_of(maps, static_cast<std::int64_t>(l));
    at.add("x", layers[l]);
    const auto [value, pullback] =
        learn::vjp([&](const Params& p) { return apply_map(scene, p["x"], p); }, at);
    back.by_map[l] = pullback(back.cotangents[l + 1]);
    back.cotangents[l] = back.by_map[l]["x"];
  }
  return back;
}

double cross(const std::vector<double>& a, const std::vector<double>& b) {
  return a[0] * b[1] - a[1] * b[0];
}

// Appends the charges of one layer: of the points of `cluster`, or of all where it is negative.
void append(ChargeCurves& curves, const std::vector<double>& x, const std::vector<double>& a,
            const std::vector<int>& clusters, int cluster) {
  double px = 0, py = 0, angular = 0, scaling = 0;
  for (std::size_t i = 0; i < clusters.size(); ++i) {
    if (cluster >= 0 && clusters[i] != cluster) continue;
    px += a[2 * i];
    py += a[2 * i + 1];
    angular += x[2 * i] * a[2 * i + 1] - x[2 * i + 1] * a[2 * i];
    scaling += x[2 * i] * a[2 * i] + x[2 * i + 1] * a[2 * i + 1];
  }
  curves.momentum_x.push_back(px);
  curves.momentum_y.push_back(py);
  curves.angular.push_back(angular);
  curves.scaling.push_back(scaling);
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

void check_bumps(Charges& charges, const Params& maps, const Backward& back) {
  const auto c = maps["c"].to_vector(), v = maps["v"].to_vector();
  const ChargeCurves& all = charges.all;
  double momentum = 0, angular = 0;
  for (std::size_t l = 0; l < back.by_map.size(); ++l) {
    const auto by_c = back.by_map[l]["c"].to_vector(), by_v = back.by_map[l]["v"].to_vector();
    const double turned =
        cross({c[2 * l], c[2 * l + 1]}, by_c) + cross({v[2 * l], v[2 * l + 1]}, by_v);
    momentum = std::max(momentum, std::hypot(all.momentum_x[l + 1] - all.momentum_x[l] - by_c[0],
                                             all.momentum_y[l + 1] - all.momentum_y[l] - by_c[1]));
    angular = std::max(angular, std::abs(all.angular[l + 1] - all.angular[l] - turned));
  }
  charges.momentum_identity = momentum / charges.momentum_size;
  charges.angular_identity = angular / charges.angular_size;
}

void check_layers(Charges& charges, const Params& maps, const Backward& back) {
  double angular = 0;
  for (std::size_t l = 0; l < back.by_map.size(); ++l) {
    const auto row = static_cast<std::int64_t>(l);
    const Tensor W = reshape(map_of(maps, row)["W"], {2, 2}),
                 by_W = reshape(back.by_map[l]["W"], {2, 2});
    const auto turned = (matmul(by_W, W, false, true) - matmul(W, by_W, true)).to_vector();
    angular = std::max(angular, std::abs(charges.all.angular[l + 1] - charges.all.angular[l] -
                                         (turned[2] - turned[1])));
  }
  charges.angular_identity = angular / charges.angular_size;
}

}  // namespace

Charges charges_of(const MapScene& scene, const Params& maps) {
  learn::Tensors points = layers_of(scene, maps);
  const Backward back = backward(scene, maps, points);
  Charges charges = charges_along(std::move(points), back.cotangents, scene.cluster);
  const auto check = scene.kind == MapKind::linear ? check_layers : check_bumps;
  check(charges, maps, back);
  return charges;
}

Charges charges_along(learn::Tensors points, learn::Tensors cotangents,
                      const std::vector<int>& cluster) {
  Charges charges{.points = std::move(points), .cotangents = std::move(cotangents)};
  const int clusters = *std::ranges::max_element(cluster) + 1;
  charges.of_cluster.resize(static_cast<std::size_t>(clusters));
  for (std::size_t l = 0; l < charges.points.size(); ++l) {
    const auto x = charges.points[l].to_vector(), a = charges.cotangents[l].to_vector();
    append(charges.all, x, a, cluster, -1);
    for (int k = 0; k < clusters; ++k)
      append(charges.of_cluster[static_cast<std::size_t>(k)], x, a, cluster, k);
    widen_sizes(charges, x, a);
  }
  return charges;
}

std::vector<double> momentum_change(const Charges& charges, const ChargeCurves& curves) {
  const auto &x = curves.momentum_x, &y = curves.momentum_y;
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
