#pragma once

// What the operations compute, on concrete tensors: one function per row of the rule table, and
// those for equal shapes, which the broadcasting ones call. Shapes were checked by the public
// operations.

#include "learn/autodiff/op.h"

namespace noether::learn::kernels {

Tensor add(const Call& call);
Tensor sub(const Call& call);
Tensor mul(const Call& call);
Tensor div(const Call& call);
// the same for shapes that broadcast
Tensor broadcast_add(const Call& call);
Tensor broadcast_sub(const Call& call);
Tensor broadcast_mul(const Call& call);
Tensor broadcast_div(const Call& call);
Tensor scale(const Call& call);
Tensor shift(const Call& call);
Tensor exp(const Call& call);
Tensor log(const Call& call);
Tensor sin(const Call& call);
Tensor cos(const Call& call);
Tensor tanh(const Call& call);
Tensor tanh_slope(const Call& call);
Tensor sigmoid(const Call& call);
Tensor sqrt(const Call& call);
Tensor square(const Call& call);
Tensor triple(const Call& call);
Tensor power(const Call& call);
Tensor step(const Call& call);
Tensor leaky_relu(const Call& call);
Tensor leaky_slope(const Call& call);

Tensor broadcast_to(const Call& call);
Tensor sum_to(const Call& call);
Tensor reshape(const Call& call);
Tensor permute(const Call& call);
Tensor slice(const Call& call);
Tensor pad(const Call& call);
Tensor concat(const Call& call);
Tensor gather(const Call& call);
Tensor scatter_add(const Call& call);
Tensor upsample(const Call& call);
Tensor sum_pool(const Call& call);

Tensor matmul(const Call& call);
Tensor linear(const Call& call);
Tensor row_dot(const Call& call);
Tensor scale_rows(const Call& call);
Tensor standardize(const Call& call);
Tensor standardize_slope(const Call& call);
Tensor conv2d(const Call& call);
Tensor conv2d_dx(const Call& call);
Tensor conv2d_dw(const Call& call);

Tensor call(const Call& call);

}  // namespace noether::learn::kernels
