#include "learn/train/rows.h"

#include <fmt/format.h>

#include "base/error.h"

namespace noether::learn {

void check_pieces(const Tensor& x, std::int64_t rows) {
  if (x.size() > 0 && rows >= 1) return;
  throw base::ShapeError(
      fmt::format("a loss of x {} in pieces of {} rows: at least one was expected",
                  to_string(x.shape()), rows));
}

LossAndGradient field_loss_over_rows(const Field& field, const Tensor& x, const Tensor& y,
                                     std::int64_t rows) {
  return sum_over_rows<Params>(
      [field](const Params& params, const Tensor& px, const Tensor& py) {
        return sum(square(field(params, px) - py));
      },
      x, y, 1 / static_cast<double>(y.size()), rows);
}

}  // namespace noether::learn
