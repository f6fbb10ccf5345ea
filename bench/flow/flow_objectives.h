#pragma once

// Two ways to train a flow. Both see new points of the circles at every step.

#include "bench/flow/plane_flow.h"
#include "learn/train/trainer.h"

namespace noether::bench {

// The mean -log p of `batch` points, solved with `solver`.
learn::Objective likelihood_objective(const PlaneFlow& flow, std::int64_t batch,
                                      const learn::OdeSolver& solver);

// Flow matching (Lipman et al., ICLR 2023), which solves no equation: with z0 of the base, z1 of
// the data and z = (1 - t) z0 + t z1, the mean square of f(t, z) - (z1 - z0). Its minimum is the
// field that carries the one density to the other. Times have the density 2 t: f is sharpest near
// the data.
learn::Objective matching_objective(const PlaneFlow& flow, std::int64_t batch);

}  // namespace noether::bench
