#include "learn/tensor/tensor.h"

#include <catch2/catch.hpp>
#include <cstdint>

#include "base/error.h"
#include "learn/autodiff/ops.h"
#include "learn/autodiff/transforms.h"
#include "tests/learn/autodiff/op_examples.h"

namespace noether::learn {

using base::ShapeError;

TEST_CASE("a shape knows its axes from both ends", "[learn][tensor]") {
  const Shape shape{2, 3, 5};
  CHECK(shape.rank() == 3);
  CHECK(shape.size() == 30);
  CHECK(shape[0] == 2);
  CHECK(shape[-1] == 5);
  CHECK(shape.with(-2, 7) == Shape{2, 7, 5});
  CHECK(Shape{}.size() == 1);
  CHECK(to_string(Shape{32, 200}) == "[32, 200]");
  CHECK_THROWS_WITH(shape[3], "[2, 3, 5] has no axis 3");
  CHECK_THROWS_WITH((Shape{1, 1, 1, 1, 1, 1}), "a tensor has at most 5 axes, not 6");
  CHECK_THROWS_WITH((Shape{2, -1}), "an extent is negative: -1");
}

TEST_CASE("shapes broadcast from the last axis", "[learn][tensor]") {
  CHECK(broadcast({2, 1, 4}, {3, 1}, "add") == Shape{2, 3, 4});
  CHECK(broadcast({}, {2, 3}, "add") == Shape{2, 3});
  CHECK(broadcast({0}, {1}, "add") == Shape{0});
  CHECK_THROWS_AS(broadcast({2, 3}, {2}, "add"), ShapeError);
}

TEST_CASE("operations on misfitting shapes say both", "[learn][tensor]") {
  const auto of = [](const Shape& shape) { return Tensor::full(shape, 1); };
  CHECK_THROWS_AS(add(of({2, 3}), of({4})), ShapeError);
  CHECK_THROWS_WITH(add(of({2, 3}), of({4})), "add: shapes do not broadcast: [2, 3] and [4]");
  CHECK_THROWS_WITH(mul(of({2, 3}), of({3, 2})), "mul: shapes do not broadcast: [2, 3] and [3, 2]");
  CHECK_THROWS_WITH(matmul(of({32, 200}), of({100, 4})),
                    "matmul: inner sizes differ: [32, 200] x [100, 4]");
  CHECK_THROWS_WITH(broadcast_to(of({2, 3}), {3}), "broadcast_to: [2, 3] does not stretch to [3]");
  CHECK_THROWS_WITH(reshape(of({2, 3}), {4}), "reshape: the values of [2, 3] do not fill [4]");
  CHECK_THROWS_WITH(linear(of({2, 3}), of({4, 3}), of({3})),
                    "linear: W [out, in] and b [out] expected: [4, 3] and [3]");
  CHECK_THROWS_WITH(Tensor::from({1, 2, 3}, {2}), "3 values do not fill a tensor of shape [2]");
}

TEST_CASE("types never mix", "[learn][tensor]") {
  const Tensor narrow = Tensor::full({2}, 1, DType::f32), wide = Tensor::full({2}, 1);
  CHECK_THROWS_AS(add(narrow, wide), ShapeError);
  CHECK_THROWS_WITH(add(narrow, wide), "add: types differ: float32 and float64");
  CHECK_THROWS_AS(narrow.data<double>(), std::logic_error);
  CHECK(cast(narrow, DType::f64).to_vector() == wide.to_vector());
}

TEST_CASE("the values of a traced tensor cannot be reached", "[learn][tensor]") {
  bool reached = false;
  grad(
      [&](const Tensor& x) {
        CHECK(x.shape() == Shape{2});
        CHECK_THROWS_AS(x.data<double>(), std::logic_error);
        CHECK_THROWS_AS(x.to_vector(), std::logic_error);
        CHECK_THROWS_AS(cast(x, DType::f32), std::logic_error);
        // it has no memory to share: the operation is reshape(x, shape)
        CHECK_THROWS_AS(x.reshaped({2, 1}), std::logic_error);
        reached = true;
        return sum(x);
      },
      Tensor::full({2}, 1));
  CHECK(reached);
}

TEST_CASE("an undefined tensor has no values", "[learn][tensor]") {
  CHECK_FALSE(Tensor().defined());
  CHECK_THROWS_AS(Tensor().to_vector(), std::logic_error);
  CHECK_THROWS_AS(Tensor::full({2}, 1).husk().to_vector(), std::logic_error);
}

TEST_CASE("a reshaped tensor shares its memory", "[learn][tensor]") {
  const Tensor x = test::irregular({2, 3}, -1, 1);
  CHECK(reshape(x, {3, 2}).data<double>().data() == x.data<double>().data());
  CHECK(x.reshaped({6}).data<double>().data() == x.data<double>().data());
}

TEST_CASE("adding up reuses the memory of a total that nobody else holds", "[learn][tensor]") {
  const Tensor part = test::irregular({2, 3}, -1, 1);
  Tensor total = test::irregular({2, 3}, -1, 1, 2);
  const auto expected = add(total, part).to_vector();
  const double* memory = total.data<double>().data();
  total = accumulate(std::move(total), part);
  CHECK(total.to_vector() == expected);
  CHECK(total.data<double>().data() == memory);
}

TEST_CASE("adding up changes no tensor that somebody holds", "[learn][tensor]") {
  const Tensor part = test::irregular({2, 3}, -1, 1), held = test::irregular({2, 3}, -1, 1, 2);
  const auto before = held.to_vector();
  CHECK(accumulate(held, part).to_vector() == add(held, part).to_vector());
  CHECK(accumulate(reshape(held, {3, 2}), reshape(part, {3, 2})).size() == 6);
  CHECK(held.to_vector() == before);
  CHECK_THROWS_AS(accumulate(zeros_like(part), Tensor::full({4}, 1)), ShapeError);
  CHECK(accumulate(zeros_like(part), Tensor::full({3}, 1)).to_vector() ==
        std::vector<double>(6, 1.0));
}

TEST_CASE("tensors begin at multiples of 64 bytes", "[learn][tensor]") {
  for (const std::int64_t n : {1, 3, 100}) {
    const Tensor x = Tensor::full({n}, 1);
    CHECK(reinterpret_cast<std::uintptr_t>(x.data<double>().data()) % 64 == 0);
  }
}

TEST_CASE("item is the only value", "[learn][tensor]") {
  CHECK(Tensor::scalar(2.5).item() == 2.5);
  CHECK(Tensor::full({1, 1}, 2.5, DType::f32).item() == 2.5);
  CHECK_THROWS_WITH(Tensor::full({2}, 1).item(),
                    "item: a single value was expected, not shape [2]");
}

}  // namespace noether::learn
