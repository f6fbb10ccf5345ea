#include "learn/discovery/library/subsets.h"

#include <algorithm>

namespace noether::learn::symbolic {
namespace {

// The points for which `keep(k, i)`, of trajectory k and point i, says so, as trajectories of one
// point each.
template <class Keep>
Trajectories selected(const Trajectories& data, Keep keep) {
  Trajectories result{.coordinates = data.coordinates,
                      .samples = 1,
                      .offset_variance = data.offset_variance,
                      .parameters = data.parameters};
  result.x.resize(data.x.size());
  result.dx_dt.resize(data.x.size());
  const std::vector<std::int64_t> starts = data.starts();
  for (std::int64_t k = 0; k < data.count; ++k) {
    const auto at = static_cast<std::size_t>(k);
    for (std::int64_t i = starts[at]; i < starts[at + 1]; ++i) {
      if (!keep(k, i)) continue;
      for (std::size_t d = 0; d < data.x.size(); ++d) {
        result.x[d].push_back(data.x[d][static_cast<std::size_t>(i)]);
        result.dx_dt[d].push_back(data.dx_dt[d][static_cast<std::size_t>(i)]);
      }
      ++result.count;
    }
  }
  return result;
}

}  // namespace

Trajectories thinned(const Trajectories& data, std::int64_t points) {
  const std::int64_t stride = std::max<std::int64_t>(1, (data.points() + points - 1) / points);
  return selected(data, [&](std::int64_t, std::int64_t i) { return i % stride == 0; });
}

Trajectories fewer(const Trajectories& data, std::int64_t points) {
  const std::int64_t usual = data.points() / data.count;  // length
  const std::int64_t most = std::max<std::int64_t>(1, points / usual);
  const std::int64_t stride = (data.count + most - 1) / most;
  Trajectories result =
      selected(data, [&](std::int64_t k, std::int64_t) { return k % stride == 0; });
  result.samples = data.samples;
  result.count = (data.count + stride - 1) / stride;
  for (std::int64_t k = 0; k < data.count && !data.lengths.empty(); k += stride)
    result.lengths.push_back(data.lengths[static_cast<std::size_t>(k)]);
  return result;
}

Trajectories half(const Trajectories& data, std::int64_t which) {
  if (data.count == 1) {
    return selected(
        data, [&](std::int64_t, std::int64_t i) { return (2 * i < data.samples) == (which == 0); });
  }
  return selected(data, [&](std::int64_t k, std::int64_t) { return k % 2 == which; });
}

}  // namespace noether::learn::symbolic
