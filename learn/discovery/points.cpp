#include "learn/discovery/points.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/error.h"

namespace noether::learn::symbolic {

namespace {

std::vector<double> metric_of(const Trajectories& t) {
  std::vector<double> metric;
  for (const auto& column : t.dx_dt) {
    const double sum = std::inner_product(column.begin(), column.end(), column.begin(), 0.0);
    metric.push_back(sum / static_cast<double>(column.size()));
  }
  return metric;
}

}  // namespace

Points spread_points(const Trajectories& t, std::int64_t count) {
  const std::int64_t n = t.points(), m = std::min(count, n);
  Points points{.count = static_cast<std::size_t>(m),
                .dimension = static_cast<std::size_t>(t.dimension()),
                .metric = metric_of(t)};
  const auto lanes = static_cast<std::int64_t>(base::pack_lanes);
  for (std::int64_t first = 0; first < m; first += lanes) {
    for (std::size_t d = 0; d < points.dimension; ++d) {
      Lanes x{}, v{};
      for (std::int64_t lane = 0; lane < lanes; ++lane) {
        const auto from = static_cast<std::size_t>(std::min(first + lane, m - 1) * n / m);
        x[static_cast<std::size_t>(lane)] = t.x[d][from];
        v[static_cast<std::size_t>(lane)] = t.dx_dt[d][from];
      }
      points.x.push_back(x);
      points.v.push_back(v);
    }
  }
  return points;
}

Points all_points(const Trajectories& t) {
  Points points = spread_points(t, t.points());
  points.starts = t.starts();
  return points;
}

Points restricted(const Points& points, std::span<const std::size_t> columns) {
  Points result{.count = points.count, .dimension = columns.size(), .starts = points.starts};
  for (std::size_t pack = 0; pack < points.packs(); ++pack) {
    for (const std::size_t d : columns) {
      result.x.push_back(points.x_of(pack)[d]);
      result.v.push_back(points.v_of(pack)[d]);
    }
  }
  for (const std::size_t d : columns) result.metric.push_back(points.metric[d]);
  return result;
}

std::vector<std::size_t> Points::trajectories() const {
  std::vector<std::size_t> of;
  for (std::size_t k = 1; k < starts.size(); ++k)
    of.resize(static_cast<std::size_t>(starts[k]), k - 1);
  of.resize(packs() * base::pack_lanes, of.back());
  return of;
}

Points moved(Points points, std::span<const double> offsets) {
  if (offsets.empty()) return points;
  const std::vector<std::size_t> trajectories = points.trajectories();
  for (std::size_t i = 0; i < trajectories.size(); ++i) {
    const std::size_t of = trajectories[i];
    const std::size_t pack = i / base::pack_lanes, lane = i % base::pack_lanes;
    for (std::size_t d = 0; d < points.dimension; ++d)
      points.x[pack * points.dimension + d][lane] += offsets[of * points.dimension + d];
  }
  return points;
}

Trajectories with_offsets_added(Trajectories t, std::span<const double> offsets) {
  if (offsets.empty()) return t;
  const std::vector<std::int64_t> starts = t.starts();
  for (std::size_t d = 0; d < t.x.size(); ++d) {
    for (std::size_t k = 0; k + 1 < starts.size(); ++k) {
      for (auto i = static_cast<std::size_t>(starts[k]);
           i < static_cast<std::size_t>(starts[k + 1]); ++i)
        t.x[d][i] += offsets[k * t.x.size() + d];
    }
  }
  return t;
}

void check_trajectories(const Trajectories& t) {
  const std::size_t d = t.coordinates.size();
  if (d == 0 || t.x.size() != d || t.dx_dt.size() != d) {
    throw base::DataError(
        fmt::format("trajectories in {} coordinates need a column of states and one of derivatives "
                    "for each, found {} and {}",
                    d, t.x.size(), t.dx_dt.size()));
  }
  for (const auto* columns : {&t.x, &t.dx_dt}) {
    for (std::size_t i = 0; i < d; ++i) {
      const auto& column = (*columns)[i];
      const std::string name = (columns == &t.x ? "" : "d/dt of ") + t.coordinates[i];
      if (std::ssize(column) != t.points()) {
        throw base::DataError(
            fmt::format("{} trajectories of {} points need {} values of {}, found {}", t.count,
                        t.samples, t.points(), name, column.size()));
      }
      const auto bad = std::ranges::find_if_not(column, [](double v) { return std::isfinite(v); });
      if (bad != column.end()) {
        const auto starts = t.starts();
        const auto next = std::ranges::upper_bound(starts, bad - column.begin());
        throw base::DataError(fmt::format("{} is {} at point {} of trajectory {}", name, *bad,
                                          bad - column.begin() - *(next - 1),
                                          next - starts.begin() - 1));
      }
    }
  }
  const auto still = [](const std::vector<double>& column) {
    return std::ranges::all_of(column, [](double value) { return value == 0; });
  };
  if (std::ranges::all_of(t.dx_dt, still)) {
    throw base::DataError("nothing moves: every derivative is zero, so everything is conserved");
  }
}

}  // namespace noether::learn::symbolic
