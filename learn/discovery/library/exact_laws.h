#pragma once

// The independent laws where states are exact: libraries in turn, simplest first.

#include "learn/discovery/library/null_space.h"

namespace noether::learn::symbolic {

// What is looked through, until laws are settled:
//
// 1. the plain library, coordinates of unknown unit as scalars;
// 2. monomials of degree 3 and 4, where there is no law yet;
// 3. logarithms;
// 4. coordinates of unknown unit as angles;
// 5. exponentials, and then the other shapes.
//
// Laws are settled if they are exact and each coordinate occurs in one; or if there is no room for
// another: D coordinates that move have D - 1 at most. Of two stages the one with more laws is
// taken. With as many laws, a later one has to be a thousand times as exact: a polynomial may come
// near to a cosine.
IndependentLaws exact_laws(const Trajectories& data, std::span<const std::optional<Unit>> units,
                           const NullSpaceOptions& options);

// The plain library, with coordinates of unknown unit as angles too. Nothing where all units are
// known, or it has more than `most` functions.
std::optional<Library> library_with_angles(const Trajectories& data,
                                           std::span<const std::optional<Unit>> units,
                                           const LibraryOptions& options, std::size_t most);

}  // namespace noether::learn::symbolic
