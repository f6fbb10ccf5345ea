#include "tests/learn/autodiff/op_examples.h"

#include <cmath>

#include "learn/autodiff/custom.h"
#include "learn/autodiff/ops.h"

namespace noether::test {

using namespace noether::learn;

namespace {

// Values on both sides of zero, none nearer to it than 0.2.
Tensor signed_values(const Shape& shape, int seed = 0) {
  const Tensor values = irregular(shape, -0.8, 0.8, seed);
  return add(values, scale(shift(step(values), -0.5), 0.4));
}
Tensor positive(const Shape& shape, int seed = 0) { return irregular(shape, 0.5, 1.5, seed); }
Tensor any(const Shape& shape, int seed = 0) { return irregular(shape, -1, 1, seed); }

Indices rows(std::vector<std::int64_t> indices) {
  return std::make_shared<const std::vector<std::int64_t>>(std::move(indices));
}

using Examples = std::vector<OpExample>;

Examples elementwise() {
  return {
      {"add", [](const auto& x) { return x[0] + x[1]; }, {any({2, 3}), any({2, 3}, 1)}},
      {"sub", [](const auto& x) { return x[0] - x[1]; }, {any({2, 3}), any({2, 3}, 1)}},
      {"mul", [](const auto& x) { return x[0] * x[1]; }, {any({2, 3}), any({2, 3}, 1)}},
      {"mul by itself", [](const auto& x) { return x[0] * x[0]; }, {any({4})}},
      {"div", [](const auto& x) { return x[0] / x[1]; }, {any({2, 3}), positive({2, 3}, 1)}},
      {"scale", [](const auto& x) { return scale(x[0], -2.5); }, {any({4})}},
      {"shift", [](const auto& x) { return shift(x[0], 0.7); }, {any({4})}},
      {"exp", [](const auto& x) { return exp(x[0]); }, {any({4})}},
      {"log", [](const auto& x) { return log(x[0]); }, {positive({4})}},
      {"sin", [](const auto& x) { return sin(x[0]); }, {any({4})}},
      {"cos", [](const auto& x) { return cos(x[0]); }, {any({4})}},
      {"tanh", [](const auto& x) { return tanh(x[0]); }, {any({4})}},
      {"tanh_slope",
       [](const auto& x) {
         return apply(Op::tanh_slope, {x[0], x[1]});
       },
       {any({4}), any({4}, 1)}},
      {"sigmoid", [](const auto& x) { return sigmoid(x[0]); }, {any({4})}},
      {"sqrt", [](const auto& x) { return sqrt(x[0]); }, {positive({4})}},
      {"square", [](const auto& x) { return square(x[0]); }, {any({4})}},
      {"triple",
       [](const auto& x) {
         return apply(Op::triple, {x[0], x[1], x[2]}, {.value = -1.5});
       },
       {any({4}), any({4}, 1), any({4}, 2)}},
      {"power 2.5", [](const auto& x) { return power(x[0], 2.5); }, {positive({4})}},
      {"power -1", [](const auto& x) { return power(x[0], -1); }, {irregular({4}, -1.5, -0.75)}},
      {"power 3", [](const auto& x) { return power(x[0], 3); }, {signed_values({4})}},
      {"step", [](const auto& x) { return step(x[0]); }, {signed_values({4})}},
      {"step times its argument",
       [](const auto& x) { return square(x[0]) * step(x[0]); },
       {signed_values({4})}},
      {"leaky_relu", [](const auto& x) { return leaky_relu(x[0], 0.2); }, {signed_values({5})}},
      {"leaky_slope",
       [](const auto& x) {
         return apply(Op::leaky_slope, {x[0], x[1]}, {.value = 0.2});
       },
       {any({5}), signed_values({5}, 1)}},
      {"relu", [](const auto& x) { return relu(x[0]); }, {signed_values({4})}},
      {"abs", [](const auto& x) { return abs(x[0]); }, {signed_values({4})}},
      {"softplus", [](const auto& x) { return softplus(x[0]); }, {signed_values({4})}},
  };
}

Examples broadcasting() {
  return {
      {"a row to all rows",
       [](const auto& x) {
         return broadcast_to(x[0], {2, 2, 3});
       },
       {any({3})}},
      {"a value to all columns",
       [](const auto& x) {
         return broadcast_to(x[0], {3, 4});
       },
       {any({3, 1})}},
      {"a scalar to all",
       [](const auto& x) {
         return broadcast_to(x[0], {3, 2});
       },
       {any({})}},
      {"broadcast in the middle",
       [](const auto& x) {
         return broadcast_to(x[0], {2, 3, 2, 2});
       },
       {any({2, 1, 2, 1})}},
      {"sum_to a row", [](const auto& x) { return sum_to(x[0], {3}); }, {any({2, 2, 3})}},
      {"sum_to a column",
       [](const auto& x) {
         return sum_to(x[0], {3, 1});
       },
       {any({3, 4})}},
      {"sum_to a scalar", [](const auto& x) { return sum_to(x[0], {}); }, {any({3, 2})}},
      {"sum_to in the middle",
       [](const auto& x) {
         return sum_to(x[0], {2, 1, 2, 1});
       },
       {any({2, 3, 2, 2})}},
      {"mul broadcasts", [](const auto& x) { return x[0] * x[1]; }, {any({2, 1}), any({3}, 1)}},
      {"div broadcasts",
       [](const auto& x) { return x[0] / x[1]; },
       {any({3}), positive({2, 1}, 1)}},
      {"add broadcasts", [](const auto& x) { return x[0] + x[1]; }, {any({2, 3}), any({2, 1}, 1)}},
      {"sub broadcasts", [](const auto& x) { return x[0] - x[1]; }, {any({3}), any({2, 3}, 1)}},
      {"mul by one channel each",
       [](const auto& x) { return x[0] * x[1]; },
       {any({2, 2, 3}), any({2, 1}, 1)}},
      {"div by one channel each",
       [](const auto& x) { return x[0] / x[1]; },
       {any({2, 2, 3}), positive({2, 1}, 1)}},
      {"mul apart", [](const auto& x) { return x[0] * x[1]; }, {any({2, 2, 2}), any({2, 1, 2}, 1)}},
      {"mean", [](const auto& x) { return mean(x[0], 1); }, {any({2, 3, 2})}},
  };
}

Examples moving() {
  return {
      {"reshape",
       [](const auto& x) {
         return reshape(x[0], {3, 2});
       },
       {any({2, 3})}},
      {"permute",
       [](const auto& x) {
         return permute(x[0], std::array{2, 0, 1});
       },
       {any({2, 3, 4})}},
      {"transpose", [](const auto& x) { return transpose(x[0]); }, {any({2, 3})}},
      {"slice", [](const auto& x) { return slice(x[0], 1, 1, 3); }, {any({2, 4, 2})}},
      {"pad", [](const auto& x) { return pad(x[0], 1, 2, 1); }, {any({2, 2, 2})}},
      {"concat",
       [](const auto& x) { return concat(x, 1); },
       {any({2, 1}), any({2, 3}, 1), any({2, 2}, 2)}},
      {"stack", [](const auto& x) { return stack(x); }, {any({2, 3}), any({2, 3}, 1)}},
      {"gather with a row twice",
       [](const auto& x) {
         return gather(x[0], rows({2, 0, 2}));
       },
       {any({3, 2})}},
      {"scatter_add with a row twice",
       [](const auto& x) {
         return scatter_add(x[0], rows({3, 0, 3}), 5);
       },
       {any({3, 2})}},
      {"upsample", [](const auto& x) { return upsample(x[0], 2); }, {any({2, 1, 2, 3})}},
      {"sum_pool", [](const auto& x) { return sum_pool(x[0], 2); }, {any({1, 2, 4, 2})}},
  };
}

Examples products() {
  Examples examples{
      {"linear",
       [](const auto& x) { return linear(x[0], x[1], x[2]); },
       {any({2, 3}), any({4, 3}, 1), any({4}, 2)}},
      {"row_dot", [](const auto& x) { return row_dot(x[0], x[1]); }, {any({3, 4}), any({3, 4}, 1)}},
      {"scale_rows",
       [](const auto& x) { return scale_rows(x[0], x[1]); },
       {any({3, 4}), any({3, 1}, 1)}},
      {"standardize", [](const auto& x) { return standardize(x[0], 0.01); }, {any({2, 5})}},
      {"standardize_slope",
       [](const auto& x) {
         return apply(Op::standardize_slope, {x[0], x[1]}, {.value = 0.01});
       },
       {any({2, 5}), any({2, 5}, 1)}},
  };
  for (const bool ta : {false, true}) {
    for (const bool tb : {false, true}) {
      const Shape a = ta ? Shape{3, 2} : Shape{2, 3}, b = tb ? Shape{4, 3} : Shape{3, 4};
      examples.push_back({std::string("matmul ") + (ta ? "a^T " : "a ") + (tb ? "b^T" : "b"),
                          [=](const auto& x) { return matmul(x[0], x[1], ta, tb); },
                          {any(a), any(b, 1)}});
      // a batch of two, of both factors or of one
      const auto batch = [](const Shape& of) { return Shape{2, of[0], of[1]}; };
      for (const auto& [of_a, of_b] :
           {std::pair(batch(a), batch(b)), std::pair(batch(a), b), std::pair(a, batch(b))}) {
        examples.push_back({"batched " + examples.back().name,
                            [=](const auto& x) { return matmul(x[0], x[1], ta, tb); },
                            {any(of_a), any(of_b, 1)}});
      }
    }
  }
  return examples;
}

Examples convolutions() {
  // 5 x 4 pixels under a 3 x 2 kernel in steps of 2: one row and one column are never reached
  const Window window{.stride = 2, .padding = 1};
  const Shape x{2, 2, 5, 4}, w{3, 2, 3, 2}, g{2, 3, 3, 3};
  return {
      {"conv2d", [=](const auto& v) { return conv2d(v[0], v[1], window); }, {any(x), any(w, 1)}},
      {"conv2d_dx",
       [=](const auto& v) { return conv2d_dx(v[0], v[1], x, window); },
       {any(g), any(w, 1)}},
      {"conv2d_dw",
       [=](const auto& v) { return conv2d_dw(v[0], v[1], w, window); },
       {any(x), any(g, 1)}},
  };
}

Examples functions() {
  return {
      {"checkpoint",
       [](const auto& x) {
         return checkpoint([](const Tensors& y) { return sin(y[0] * y[1]) * y[0]; }, x);
       },
       {any({3}), any({3}, 1)}},
      {"custom_vjp",
       [](const auto& x) {
         return custom_vjp([](const Tensor& y) { return exp(square(y)); },
                           [](const Tensor& y, const Tensor& value, const Tensor& t) {
                             return scale(t * y * value, 2);
                           },
                           x[0]);
       },
       {any({3})}},
  };
}

}  // namespace

std::vector<OpExample> op_examples() {
  Examples all;
  for (auto family : {elementwise, broadcasting, moving, products, convolutions, functions}) {
    for (OpExample& example : family()) all.push_back(std::move(example));
  }
  return all;
}

Tensor irregular(const Shape& shape, double low, double high, int seed) {
  return Tensor::build<double>(shape, [&](std::span<double> out) {
    for (std::size_t i = 0; i < out.size(); ++i) {
      const double n = static_cast<double>(i) + 1;
      out[i] = low + (high - low) * std::fmod(n * 0.6180339887498949 + 0.377 * seed, 1.0);
    }
  });
}

std::vector<Op> ops_applied(const OpExample& example) {
  struct Listener : ForwardTrace {
    Tensor record(const Call& call, std::span<const Tensor> boxed) override {
      heard.push_back(call.op);
      return ForwardTrace::record(call, boxed);
    }
    std::vector<Op> heard;
  };
  Listener listener;
  Tensors inputs;
  for (const Tensor& x : example.inputs) inputs.push_back(listener.watch(x, ones_like(x)));
  example.function(inputs);
  return listener.heard;
}

}  // namespace noether::test
