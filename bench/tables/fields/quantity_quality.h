#pragma once

// How alike two quantities are.

#include <vector>

#include "bench/table/record.h"
#include "learn/noether/quantity.h"

namespace noether::bench {

struct QuantityQuality {
  double pearson = 0;   // |linear correlation| of the values
  double spearman = 0;  // |correlation of their ranks|: 1 where either is monotone in the other
  double angle = 0;     // rms sine of the angle between the gradients: 0 where level sets agree
};

// Over the states x [n, d]; both quantities have one component.
QuantityQuality compare_quantities(const learn::Quantity& g, const learn::Params& phi,
                                   const learn::Quantity& truth, const learn::Params& truth_phi,
                                   const learn::Tensor& x);

// The rms sine, over the states and the components of g, of the angle between the gradient of a
// component and the span of the gradients of `truth`: 0 where g is a function of the true laws.
// Gradients count in the directions [r, d] alone, as products with them. Components without any are
// passed over; 1 where all of g are. Computed in float64.
double angle_to_span(const learn::Quantity& g, const learn::Params& phi,
                     const learn::Quantity& truth, const learn::Params& truth_phi,
                     const learn::Tensor& states, const learn::Tensor& directions);

// The metrics `pearson`, `spearman` and `angle`.
std::vector<Record> records_of(const QuantityQuality& quality);

}  // namespace noether::bench
