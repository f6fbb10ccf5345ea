#pragma once

// Two ways to train a flow. Both draw points at every step.

#include <cstdint>
#include <functional>
#include <vector>

#include "base/random.h"
#include "learn/models/flow.h"
#include "learn/train/trainer.h"

namespace noether::bench {

// n points z of the data, in units of the flow, row after row.
using DrawPoints = std::function<std::vector<double>(std::int64_t n, base::RandomStream& random)>;

// The mean -log p of `batch` points z, solved with `solver`.
learn::Objective likelihood_objective(const learn::Flow& flow, const DrawPoints& draw,
                                      std::int64_t batch, const learn::OdeSolver& solver);

// Flow matching (Lipman et al., ICLR 2023), which solves no equation: with z0 of the base, z1 of
// the data and z = (1 - t) z0 + t z1, the mean square of f(t, z) - (z1 - z0). Its minimum is the
// field that carries the one density to the other. Times have the density 2 t: f is sharpest near
// the data.
learn::Objective matching_objective(const learn::Flow& flow, const DrawPoints& draw,
                                    std::int64_t batch);

}  // namespace noether::bench
