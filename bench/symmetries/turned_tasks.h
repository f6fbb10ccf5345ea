#pragma once

// Tasks in the plane whose symmetry is a group of turns, with or without flips. It is exact on the
// grid: turns by 90 degrees. (Zhou, Knowles and Finn take 45 degrees, which need interpolation.)

#include <vector>

#include "bench/symmetries/filter_tasks.h"

namespace noether::bench {

// A task maps a picture of 8 x 8 pixels to one of 6 x 6 in each of |G| channels: channel g is the
// picture filtered by psi turned by g, with psi [3, 3] ~ N(0, 1) of the task. If the picture turns,
// the outputs turn and the channels change places.
constexpr std::int64_t picture_side = 8, patch_sites = 36, patch_size = 9;

// For each g of C4 (order 4) or D4 (order 8): psi turned by g has at cell i what psi has at cell
// turns[g][i]. Cells are counted line by line. Throws UsageError for another order.
std::vector<std::vector<std::size_t>> turns_of(std::int64_t order);

// Tasks first, first + 1, ... as patches, so that a 3 x 3 convolution is a linear layer of nine
// inputs: x [tasks, examples * 36, 9], y [tasks, examples * 36, |G|], exact, and psi [tasks, 9] as
// `filters`. float32.
FilterTasks turned_tasks(std::int64_t order, std::uint64_t seed, std::int64_t first,
                         std::int64_t tasks, std::int64_t examples);

// The columns that span the weights [|G|, 9] of all tasks: [9 |G|, 9] float64.
learn::Tensor turned_columns(std::int64_t order);

}  // namespace noether::bench
