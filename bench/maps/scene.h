#pragma once

// A process of many maps that carries clusters of points to where they belong, and a discrete
// Noether principle for it: what a symmetry of the maps keeps from layer to layer.

#include <cstdint>
#include <string>
#include <vector>

#include "learn/autodiff/params.h"

namespace noether::bench {

// A map is a bump, f(x) = x + v exp(-|D (x - c)|^2 / 2 s^2) with s = .5. Where D = 1, bumps moved
// or turned are bumps again; else only moved ones are.
struct MapScene {
  std::string name = {}, description = {};
  learn::Tensor start = {}, goal = {};  // [n, 2] float64
  std::vector<int> cluster = {};        // of each point
  learn::Tensor stretch = {};           // D, [1, 2]
  double penalty = 0.01;                // times the sum of |v|^2 over all maps
  std::int64_t maps = 50;
};

std::vector<std::string> map_scene_names();
// Its points are drawn with the seed: 30 a cluster, normal with .12.
MapScene map_scene(const std::string& name, std::uint64_t seed);

// Parameters "c" and "v", [maps, 2] each: c within the scene, v small.
learn::Params initial_maps(const MapScene& scene, std::uint64_t seed);

// One map, x [n, 2], c and v [1, 2].
learn::Tensor apply_map(const MapScene& scene, const learn::Tensor& x, const learn::Tensor& c,
                        const learn::Tensor& v);

// x_0, ..., x_L.
learn::Tensors layers_of(const MapScene& scene, const learn::Params& maps);

// mean |x_L - goal|^2, and with the penalty.
learn::Tensor data_loss(const MapScene& scene, const learn::Params& maps);
learn::Tensor map_loss(const MapScene& scene, const learn::Params& maps);

// The maps with the least loss that is found from `start`: Adam, its rate falling from 2e-2 along
// half a cosine, then L-BFGS.
learn::Params trained_maps(const MapScene& scene, const learn::Params& start, int adam_steps,
                           int lbfgs_steps);

}  // namespace noether::bench
