#pragma once

// Rows that learn from trajectories alone, without derivatives (learn/train/segments.h).

#include "bench/tables/fields/field_rows.h"

namespace noether::bench {

// None is made by default.
std::vector<FieldRow> node_rows();
std::vector<Comparison> node_rivals();

// How they are made, a paragraph of the method.
extern const char* const node_method;

}  // namespace noether::bench
