#pragma once

// A process of many maps that carries clusters of points to where they belong, and a discrete
// Noether principle for it: what a symmetry of the maps keeps from layer to layer.

#include <cstdint>
#include <string>
#include <vector>

#include "learn/autodiff/params.h"

namespace noether::bench {

// A map is a bump, f(x) = x + v exp(-|D (x - c)|^2 / 2 s^2) with s = .5, or linear, f(x) = W x.
// Where D = 1, bumps moved or turned are bumps again; else only moved ones are.
enum class MapKind { bump, linear };

struct MapScene {
  std::string name = {}, description = {};
  MapKind kind = MapKind::bump;
  learn::Tensor start = {}, goal = {};  // [n, 2] float64
  std::vector<int> cluster = {};        // of each point
  learn::Tensor stretch = {};           // D, [1, 2]
  double penalty = 0.01;                // times the sum of |v|^2, or of |W|^2, over all maps
  std::int64_t maps = 50;
  double learning_rate = 2e-2;  // of Adam, to begin with
};

std::vector<std::string> map_scene_names();
// Its points are drawn with the seed: 30 a cluster, normal with .12.
MapScene map_scene(const std::string& name, std::uint64_t seed);

// Parameters, a row a map: of bumps "c" and "v" [maps, 2], c within the scene, v small; of linear
// maps "W" [maps, 4], W row by row, near 1.
learn::Params initial_maps(const MapScene& scene, std::uint64_t seed);

// The row of map l, and such a map applied to x [n, 2].
learn::Params map_of(const learn::Params& maps, std::int64_t l);
learn::Tensor apply_map(const MapScene& scene, const learn::Tensor& x, const learn::Params& map);

// x_0, ..., x_L.
learn::Tensors layers_of(const MapScene& scene, const learn::Params& maps);

// mean |x_L - goal|^2, and with the penalty.
learn::Tensor data_loss(const MapScene& scene, const learn::Params& maps);
learn::Tensor map_loss(const MapScene& scene, const learn::Params& maps);

// The maps with the least loss that is found from `start`: Adam, its rate falling along half a
// cosine, then L-BFGS.
learn::Params trained_maps(const MapScene& scene, const learn::Params& start, int adam_steps,
                           int lbfgs_steps);

}  // namespace noether::bench
