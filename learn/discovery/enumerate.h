#pragma once

// All formulas of a small language, once each: what a search for conserved laws goes through.

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "learn/formula/expression.h"
#include "learn/formula/unit.h"

namespace noether::learn::symbolic {

// Trees of up to `max_nodes` nodes, an operation or a leaf each; leaves are the inputs and
// parameters, every parameter one of its own.
struct Language {
  std::vector<std::optional<Unit>> inputs = {};  // their units, nullopt for one that fits anywhere
  int max_nodes = 7;
  std::vector<Op> operations = {Op::add, Op::subtract, Op::multiply, Op::divide,
                                Op::sin, Op::cos,      Op::square};
};

// How many trees have units that fit; a sum or product and the same with its operands exchanged
// count as one tree. Counted, not enumerated; beyond 2^53 to sixteen digits.
struct Census {
  std::vector<double> valid_of_size = {};  // at index n those of n nodes
  double valid = 0;                        // in all
  double with_inputs = 0;  // of these, those whose parts have an input or are one parameter
  double bytes = 0;        // of memory that enumerate would need, rather too many than too few
};

// Throws UsageError for an empty language, or operations that need a number (power, number).
Census count_formulas(const Language& language);

// `laws` is one formula for every class of formulas that are conserved together, the simplest, in
// order of size. Out of the valid formulas only those `distinct` in normal form are looked at, and
// built upon; parameters are free, so that q / c0, -c0 q and 2 c0 c1 q are all c0 q, and q + c0 c1
// is q + c0. One law stands for all that differ by a factor, a shift or an outer function, for all
// formulas of one coordinate (functions of it), and for those whose gradients point the same way at
// eight states, whatever their parameters. (Formulas with parameters that are one family written in
// two ways may both be there.)
//
// The published search (Alet et al. 2021) counts 41,460 formulas of the pendulum (an angle and a
// number) and 72,372 of the spring (two numbers) up to 7 nodes, by rules it does not state in full.
// Here `valid` counts all trees whose units fit: 42,119 and 40,299. A sine takes an angle here, in
// the spring therefore only what a parameter makes one; with units left free, 85,443 trees fit.
struct Candidates {
  std::vector<Expression> laws = {};
  double valid = 0;
  std::int64_t distinct = 0;
};

// Told now and then: the size that is being built and how many distinct formulas there are.
using EnumerationProgress = std::function<void(int nodes, std::int64_t distinct)>;

// Throws UsageError as count_formulas does.
Candidates enumerate(const Language& language, const EnumerationProgress& progress = {});

}  // namespace noether::learn::symbolic
