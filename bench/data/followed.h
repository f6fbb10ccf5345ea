#pragma once

// The quantity whose drift an evaluation reports: the energy, or what serves instead.

#include <functional>
#include <string>
#include <vector>

#include "dataset/store/dataset_file.h"
#include "learn/tensor/tensor.h"

namespace noether::bench {

struct Followed {
  std::string name = {};     // "energy", "angular_momentum", "q^2 + p^2"
  std::string formula = {};  // of the coordinates; "" where sim/ computes it
  bool is_conserved = true;
  // of every state, [m, d] float64 -> m numbers; empty where nothing is followed
  std::function<std::vector<double>(const learn::Tensor& states)> values = {};
};

// The energy of the system `name`, or its first invariant where it has none, with these constants,
// C numbers or (m, C), of which row i belongs to state i; nothing where sim/ knows no such system
// of that dimension.
Followed followed_of_system(const std::string& name, const std::vector<double>& constants,
                            std::int64_t dimension);

// Of the invariants in the file, those count whose description is a formula of the coordinates that
// gives the stored values. The energy among these, or the first; nothing where there is none.
Followed followed_of_file(const dataset::DatasetFile& file);

// The one that is an energy, the first if both are or neither is; the other where one is nothing.
Followed first_energy(const Followed& own, const Followed& known);

// Throws UsageError where this is no formula of the coordinates.
Followed followed_formula(const std::string& formula, const std::vector<std::string>& coordinates);

}  // namespace noether::bench
