#include "learn/train/rows.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/parallel.h"

namespace noether::learn {

std::vector<std::int64_t> begins_of(const Tensor& x, const Pieces& pieces) {
  if (x.size() == 0 || pieces.rows < 1) {
    throw base::ShapeError(
        fmt::format("a loss of x {} in pieces of {} rows: at least one was expected",
                    to_string(x.shape()), pieces.rows));
  }
  std::vector<std::int64_t> begins;
  for (std::int64_t row = 0; row < x.shape()[0]; row += pieces.rows) begins.push_back(row);
  return begins;
}

int threads_for(const Pieces& pieces, std::size_t count) {
  return std::min(base::thread_count(pieces.jobs), static_cast<int>(count));
}

LossAndGradient field_loss_over_rows(const Field& field, const Tensor& x, const Tensor& y,
                                     const Pieces& pieces) {
  return sum_over_rows<Params>(
      [field](const Params& params, const Tensor& px, const Tensor& py) {
        return sum(square(field(params, px) - py));
      },
      x, y, 1 / static_cast<double>(y.size()), pieces);
}

}  // namespace noether::learn
