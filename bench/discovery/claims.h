#pragma once

// What a search claims, judged by the truth: noise-free motion that it has not seen, and the
// invariants of the system.

#include <string>
#include <vector>

#include "bench/discovery/discovery.h"
#include "sim/system.h"

namespace noether::bench {

// A claim is false where its rms sine along noise-free test motion is above this. It is what the
// search itself calls conserved in denoised states.
inline constexpr double false_rms_sine = 1e-3;

struct TrueLaw {
  std::string name;    // "energy"
  bool found = false;  // whether its gradient is in the span of those of the claims
};

struct JudgedClaims {
  int claims = 0;                  // formulas called conserved, and independent laws
  int false_claims = 0;            // of these
  std::vector<TrueLaw> laws = {};  // invariants that differ between trajectories
};

// Judges by the test split of the task that was searched.
JudgedClaims judged(const Discovery& discovery, const sim::System& system);

}  // namespace noether::bench
