#pragma once

// The charges of a process of maps (scene.h).
//
// Let a_l = dL/dx_l be the cotangents of the points after l maps, L the data loss. Moving a bump
// and turning it give, at any parameters,
//   P_{l+1} - P_l = dL/dc_l,                                      P = sum a_i,
//   J_{l+1} - J_l = c_l x dL/dc_l + v_l x dL/dv_l,                J = sum x_i x a_i,
// the second where bumps are round. So P and J are the same after every map where L is stationary.
// A penalty on |v| alone changes neither right side there: c asks for dL/dc = 0, and v for dL/dv
// along v.

#include <vector>

#include "bench/maps/scene.h"

namespace noether::bench {

// P and J after 0, ..., L maps, of all points or of a cluster.
struct ChargeCurves {
  std::vector<double> momentum_x = {}, momentum_y = {}, angular = {};
};

struct Charges {
  learn::Tensors points = {}, cotangents = {};  // after 0, ..., L maps, [n, 2] each
  ChargeCurves all = {};
  std::vector<ChargeCurves> of_cluster = {};
  // the largest sum |a| of a layer, and the largest sum |x| |a|: what P and J are compared with
  double momentum_size = 0, angular_size = 0;
  // the largest |left - right| of the identities over all maps, over these sizes
  double momentum_identity = 0, angular_identity = 0;
};

Charges charges_of(const MapScene& scene, const learn::Params& maps);

// How far the charges are from those of layer 0, over the sizes: at every layer.
std::vector<double> momentum_change(const Charges& charges, const ChargeCurves& curves);
std::vector<double> angular_change(const Charges& charges, const ChargeCurves& curves);

}  // namespace noether::bench
