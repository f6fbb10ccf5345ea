#include "learn/train/rows.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/parallel.h"

namespace noether::learn {

std::vector<std::int64_t> cuts_of(const Tensor& x, const Pieces& pieces) {
  if (x.size() == 0 || pieces.rows < 1) {
    throw base::ShapeError(
        fmt::format("a loss of x {} in pieces of {} rows: at least one was expected",
                    to_string(x.shape()), pieces.rows));
  }
  return cuts_of(x.shape()[0], pieces);
}

std::vector<std::int64_t> cuts_of(std::int64_t n, const Pieces& pieces) {
  if (n < 1 || pieces.rows < 1) {
    throw base::ShapeError(
        fmt::format("{} rows in pieces of {}: at least one was expected", n, pieces.rows));
  }
  std::int64_t count = (n + pieces.rows - 1) / pieces.rows;
  if (count > 1 && count % 2 == 1 && count < n) ++count;
  std::vector<std::int64_t> cuts;
  for (std::int64_t i = 0; i <= count; ++i) cuts.push_back(n * i / count);
  return cuts;
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
