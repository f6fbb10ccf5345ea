#pragma once

// The charges of a process of maps (scene.h).
//
// Let a_l = dL/dx_l be the cotangents of the points after l maps, L the data loss. Moving a bump
// and turning it give, at any parameters,
//   P_{l+1} - P_l = dL/dc_l,                                      P = sum a_i,
//   J_{l+1} - J_l = c_l x dL/dc_l + v_l x dL/dv_l,                J = sum x_i x a_i,
// the second where bumps are round. So P and J are the same after every map where L is stationary.
// A penalty on |v| alone changes neither right side there: c asks for dL/dc = 0, and v for dL/dv
// along v. Turning the points between two linear maps gives
//   J_{l+1} - J_l = the antisymmetric part of dL/dW_l W_l^T - W_l^T dL/dW_l    (matrix_charge.h);
// moving them gives nothing, because a linear map that was moved is none.

#include <optional>
#include <vector>

#include "bench/maps/scene.h"

namespace noether::bench {

// P, J and D = sum x_i . a_i after 0, ..., L maps, of all points or of a cluster. Linear maps keep
// the D of every point, whatever W is.
struct ChargeCurves {
  std::vector<double> momentum_x = {}, momentum_y = {}, angular = {}, scaling = {};
};

struct Charges {
  learn::Tensors points = {}, cotangents = {};  // after 0, ..., L maps, [n, 2] each
  ChargeCurves all = {};
  std::vector<ChargeCurves> of_cluster = {};
  // the largest sum |a| of a layer, and the largest sum |x| |a|: what P and J are compared with
  double momentum_size = 0, angular_size = 0;
  // the largest |left - right| of the identities over all maps, over these sizes; nothing where
  // there is no identity
  std::optional<double> momentum_identity = {}, angular_identity = {};
};

Charges charges_of(const MapScene& scene, const learn::Params& maps);

// Of given points and cotangents, which may be those of anything; without identities. `cluster` of
// each point, from 0.
Charges charges_along(learn::Tensors points, learn::Tensors cotangents,
                      const std::vector<int>& cluster);

// How far the charges are from those of layer 0, over the sizes: at every layer.
std::vector<double> momentum_change(const Charges& charges, const ChargeCurves& curves);
std::vector<double> angular_change(const Charges& charges, const ChargeCurves& curves);

}  // namespace noether::bench
