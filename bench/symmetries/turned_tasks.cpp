#include "bench/symmetries/turned_tasks.h"

#include <algorithm>
#include <array>
#include <span>

#include "base/error.h"
#include "base/random.h"

namespace noether::bench {
namespace {

using learn::Tensor;

constexpr std::size_t side = 3;
constexpr std::uint64_t of_pictures = std::uint64_t{1} << 41;  // no other task has this index

}  // namespace

std::vector<std::vector<std::size_t>> turns_of(std::int64_t order) {
  if (order != 4 && order != 8)
    throw base::UsageError("a group of turns has 4 elements, or with flips 8");
  std::vector<std::vector<std::size_t>> all;
  for (std::size_t g = 0; g < static_cast<std::size_t>(order); ++g) {
    std::vector<std::size_t> cells;
    for (std::size_t cell = 0; cell < side * side; ++cell) {
      std::size_t row = cell / side, column = cell % side;
      for (std::size_t quarter = 0; quarter < g % 4; ++quarter) {
        const std::size_t before = row;
        row = column;
        column = side - 1 - before;
      }
      cells.push_back(row * side + (g < 4 ? column : side - 1 - column));
    }
    all.push_back(cells);
  }
  return all;
}

FilterTasks turned_tasks(std::int64_t order, std::uint64_t seed, std::int64_t first,
                         std::int64_t tasks, std::int64_t examples) {
  const auto turns = turns_of(order);
  constexpr auto width = static_cast<std::size_t>(picture_side), sites = width - side + 1;
  std::vector<float> x, y, filters;
  x.reserve(static_cast<std::size_t>(tasks * examples * patch_sites * patch_size));
  y.reserve(static_cast<std::size_t>(tasks * examples * patch_sites * order));
  for (std::int64_t task = first; task < first + tasks; ++task) {
    base::RandomStream random(seed, base::Purpose::initial_state,
                              of_pictures + static_cast<std::uint64_t>(task));
    std::array<double, side * side> psi{}, patch{};
    for (double& value : psi) value = random.normal();
    for (const double value : psi) filters.push_back(static_cast<float>(value));
    for (std::int64_t n = 0; n < examples; ++n) {
      std::array<double, width * width> picture{};
      for (double& value : picture) value = random.normal();
      for (std::size_t site = 0; site < sites * sites; ++site) {
        const std::size_t corner = site / sites * width + site % sites;
        for (std::size_t i = 0; i < patch.size(); ++i)
          patch[i] = picture[corner + i / side * width + i % side];
        for (const double value : patch) x.push_back(static_cast<float>(value));
        for (const auto& turn : turns) {
          double output = 0;
          for (std::size_t i = 0; i < patch.size(); ++i) output += psi[turn[i]] * patch[i];
          y.push_back(static_cast<float>(output));
        }
      }
    }
  }
  return {Tensor::from<float>(x, {tasks, examples * patch_sites, patch_size}),
          Tensor::from<float>(y, {tasks, examples * patch_sites, order}),
          Tensor::from<float>(filters, {tasks, patch_size})};
}

Tensor turned_columns(std::int64_t order) {
  const auto turns = turns_of(order);
  return Tensor::build<double>({order * patch_size, patch_size}, [&](std::span<double> U) {
    std::ranges::fill(U, 0);
    for (std::size_t g = 0; g < turns.size(); ++g)
      for (std::size_t i = 0; i < side * side; ++i)
        U[(g * side * side + i) * side * side + turns[g][i]] = 1;
  });
}

}  // namespace noether::bench
