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

// How many trees have units that fit. A sum or product and the same with its operands exchanged
// count as one tree. The trees are counted, not enumerated; beyond 2^53 to sixteen digits.
struct Census {
  std::vector<double> valid_of_size = {};  // at index n those of n nodes
  double valid = 0;                        // in all
  double with_inputs = 0;  // of these, those whose parts have an input or are one parameter
  double bytes = 0;        // of memory that enumerate would need, rather too many than too few
};

// Throws UsageError for an empty language, or operations that need a number (power, number).
Census count_formulas(const Language& language);

// What an enumeration gives, in three steps from many formulas to few:
//
// - `valid` counts all trees whose units fit.
// - `distinct` counts their normal forms. Parameters are free, so q / c0, -c0 q and 2 c0 c1 q are
//   all c0 q, and q + c0 c1 is q + c0. Larger formulas are built of these alone.
// - `laws` has one formula for each class of formulas that are conserved together: the simplest, in
//   order of size. A class holds what differs by a factor, a shift or an outer function. All
//   formulas of one coordinate are one class. So are formulas whose gradients point the same way at
//   eight states, whatever their parameters. (A family with parameters that is written in two ways
//   may be there twice.)
//
// The published search (Alet et al. 2021) counts 41,460 formulas of the pendulum (an angle and a
// number) and 72,372 of the spring (two numbers) up to 7 nodes; it does not state all its rules.
// Here 42,119 and 40,299 are valid. A sine takes an angle here, and in the spring only a parameter
// can make one. With units left free, 85,443 trees fit.
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
