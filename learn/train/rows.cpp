#include "learn/train/rows.h"

namespace noether::learn {

LossAndGradient field_loss_over_rows(const Field& field, const Tensor& x, const Tensor& y,
                                     std::int64_t rows) {
  return sum_over_rows<Params>(
      [field](const Params& params, const Tensor& px, const Tensor& py) {
        return sum(square(field(params, px) - py));
      },
      x, y, 1 / static_cast<double>(y.size()), rows);
}

}  // namespace noether::learn
