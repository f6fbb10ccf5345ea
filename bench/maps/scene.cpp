#include "bench/maps/scene.h"

#include <array>
#include <cmath>
#include <numbers>

#include "base/error.h"
#include "base/random.h"
#include "base/text.h"
#include "learn/autodiff/ops.h"
#include "learn/nn/optimizers.h"
#include "learn/train/trainer.h"

namespace noether::bench {
namespace {

using learn::Params;
using learn::Tensor;

constexpr double width = 0.5, spread = 0.12;
constexpr int points_of_cluster = 30;

// A cluster goes from one place to another.
struct Move {
  std::array<double, 2> from, to;
};

// The corners of a triangle with sides of 1, about the origin.
std::array<double, 2> corner(double k) {
  const double angle = std::numbers::pi * (0.5 + 2.0 / 3 * k), radius = 1 / std::numbers::sqrt3;
  return {radius * std::cos(angle), radius * std::sin(angle)};
}

struct SceneSpec {
  std::string name, description;
  std::vector<Move> moves;
  double penalty = 0.01;
  std::array<double, 2> stretch{1, 1};
  MapKind kind = MapKind::bump;
  double learning_rate = 2e-2;
};

const std::vector<SceneSpec>& all_scenes() {
  static const std::vector<Move> swap{
      {corner(0), corner(1)}, {corner(1), corner(2)}, {corner(2), corner(0)}};
  static const std::vector<SceneSpec> all{
      {"swap", "three clusters on a triangle, each to the next corner", swap},
      {"single", "one cluster, moved", {{{-.5, 0}, {.5, .3}}}},
      {"crossing", "two clusters whose ways cross", {{{-.7, 0}, {.7, 0}}, {{0, -.7}, {0, .7}}}},
      {"no-penalty", "swap without the penalty: the loss goes to zero, and all charges with it",
       swap, 0},
      {"anisotropic",
       "swap by bumps twice as wide as high: moved ones are bumps again, turned ones not",
       swap,
       0.01,
       {1, 2}},
      // a smaller penalty, else zero weights have less loss, and a smaller rate, else Adam finds
      // them
      {.name = "linear",
       .description = "three clusters turned by 60 degrees, by linear layers",
       .moves = {{corner(0), corner(.5)}, {corner(1), corner(1.5)}, {corner(2), corner(2.5)}},
       .penalty = 0.001,
       .kind = MapKind::linear,
       .learning_rate = 2e-3}};
  return all;
}

std::array<double, 2> near(const std::array<double, 2>& place, base::RandomStream& random,
                           double deviation) {
  const double x = place[0] + deviation * random.normal();
  return {x, place[1] + deviation * random.normal()};
}

learn::Tensor pairs(const std::vector<double>& values) {
  return Tensor::from<double>(values, {std::ssize(values) / 2, 2});
}

Params initial_layers(std::int64_t count, base::RandomStream& random) {
  std::vector<double> W;
  for (std::int64_t layer = 0; layer < count; ++layer) {
    for (const double of_identity : {1, 0, 0, 1}) W.push_back(of_identity + 0.05 * random.normal());
  }
  return {{"W", Tensor::from<double>(W, {count, 4})}};
}

}  // namespace

std::vector<std::string> map_scene_names() {
  std::vector<std::string> names;
  for (const SceneSpec& spec : all_scenes()) names.push_back(spec.name);
  return names;
}

MapScene map_scene(const std::string& name, std::uint64_t seed) {
  for (const SceneSpec& spec : all_scenes()) {
    if (spec.name != name) continue;
    base::RandomStream random(seed, base::Purpose::initial_state, 0);
    MapScene scene{.name = name,
                   .description = spec.description,
                   .kind = spec.kind,
                   .penalty = spec.penalty,
                   .learning_rate = spec.learning_rate};
    std::vector<double> start, goal;
    for (std::size_t k = 0; k < spec.moves.size(); ++k) {
      const auto& [from, to] = spec.moves[k];
      for (int i = 0; i < points_of_cluster; ++i) {
        const auto [x, y] = near(from, random, spread);
        start.insert(start.end(), {x, y});
        goal.insert(goal.end(), {x + to[0] - from[0], y + to[1] - from[1]});
        scene.cluster.push_back(static_cast<int>(k));
      }
    }
    scene.start = pairs(start);
    scene.goal = pairs(goal);
    scene.stretch = pairs({spec.stretch[0], spec.stretch[1]});
    return scene;
  }
  throw base::UsageError(base::unknown_name("scene", name, map_scene_names()));
}

Params initial_maps(const MapScene& scene, std::uint64_t seed) {
  base::RandomStream random(seed, base::Purpose::weights, 0);
  if (scene.kind == MapKind::linear) return initial_layers(scene.maps, random);
  std::vector<double> c, v;
  for (std::int64_t layer = 0; layer < scene.maps; ++layer) {
    for (int axis = 0; axis < 2; ++axis) {
      c.push_back(0.5 * random.normal());
      v.push_back(0.02 * random.normal());
    }
  }
  return {{"c", pairs(c)}, {"v", pairs(v)}};
}

Params map_of(const Params& maps, std::int64_t l) {
  return learn::map(maps, [l](const Tensor& rows) { return slice(rows, 0, l, l + 1); });
}

Tensor apply_map(const MapScene& scene, const Tensor& x, const Params& map) {
  if (scene.kind == MapKind::linear) return matmul(x, reshape(map["W"], {2, 2}), false, true);
  const Tensor away = (x - map["c"]) * scene.stretch;
  return x + exp(scale(row_dot(away, away), -1 / (2 * width * width))) * map["v"];
}

learn::Tensors layers_of(const MapScene& scene, const Params& maps) {
  learn::Tensors layers{scene.start};
  for (std::int64_t l = 0; l < scene.maps; ++l)
    layers.push_back(apply_map(scene, layers.back(), map_of(maps, l)));
  return layers;
}

Tensor data_loss(const MapScene& scene, const Params& maps) {
  const Tensor miss = layers_of(scene, maps).back() - scene.goal;
  return scale(sum(square(miss)), 1 / static_cast<double>(scene.start.shape()[0]));
}

Tensor map_loss(const MapScene& scene, const Params& maps) {
  const Tensor& kept_small = maps[scene.kind == MapKind::linear ? "W" : "v"];
  return data_loss(scene, maps) + scale(sum(square(kept_small)), scene.penalty);
}

Params trained_maps(const MapScene& scene, const Params& start, int adam_steps, int lbfgs_steps) {
  const auto loss = [&](const Params& maps) { return map_loss(scene, maps); };
  const learn::Training training{.steps = adam_steps,
                                 .adam = {.learning_rate = scene.learning_rate},
                                 .schedule = learn::Schedule::cosine};
  const Params near =
      train(training, learn::initial_training_state(start), learn::Loss(loss)).params;
  return learn::minimize(
      {.steps = lbfgs_steps, .memory = 50, .gradient_tolerance = 1e-12, .change_tolerance = 0},
      loss, near);
}

}  // namespace noether::bench
