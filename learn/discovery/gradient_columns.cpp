#include "learn/discovery/gradient_columns.h"

#include <algorithm>

#include "learn/formula/program.h"

namespace noether::learn::symbolic {

GradientColumns gradient_columns(const Expression& e, std::span<const std::vector<double>> x) {
  const std::size_t points = x.front().size();
  const Program program = compile(e);
  Machine machine(static_cast<int>(x.size()));
  std::vector<Lanes> pack(x.size());
  GradientColumns result{std::vector<double>(points),
                         std::vector(x.size(), std::vector<double>(points))};
  for (std::size_t first = 0; first < points; first += base::pack_lanes) {
    const std::size_t count = std::min(base::pack_lanes, points - first);
    for (std::size_t d = 0; d < x.size(); ++d) {
      pack[d].fill(x[d][first]);
      std::copy_n(x[d].begin() + static_cast<std::ptrdiff_t>(first), count, pack[d].begin());
    }
    const std::span<const base::Pack> run = machine.run(program, pack, {});
    const auto store = [&](const base::Pack& from, std::vector<double>& to) {
      std::copy_n(base::lanes(from).begin(), count,
                  to.begin() + static_cast<std::ptrdiff_t>(first));
    };
    store(run[0], result.value);
    for (std::size_t d = 0; d < x.size(); ++d) store(run[d + 1], result.gradient[d]);
  }
  return result;
}

}  // namespace noether::learn::symbolic
