#include <catch2/catch.hpp>

#include "base/error.h"
#include "learn/autodiff/ops.h"
#include "tests/learn/autodiff/op_examples.h"

namespace noether::learn {

TEST_CASE("upsample repeats every pixel along both axes", "[learn][image]") {
  const Tensor x = Tensor::from({1, 2, 3, 4}, {1, 1, 2, 2});
  const Tensor large = upsample(x, 2);
  CHECK(large.shape() == Shape{1, 1, 4, 4});
  CHECK(large.to_vector() == std::vector<double>{1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4});
}

TEST_CASE("sum_pool adds the pixels of every block", "[learn][image]") {
  const Tensor x = Tensor::from({1, 2, 3, 4, 5, 6, 7, 8, 10, 20, 30, 40}, {1, 1, 2, 6});
  const Tensor pooled = sum_pool(x, 2);
  CHECK(pooled.shape() == Shape{1, 1, 1, 3});
  CHECK(pooled.to_vector() == std::vector<double>{18, 37, 81});
}

TEST_CASE("pooling what was upsampled multiplies by the area of a block", "[learn][image]") {
  const Tensor x = test::irregular({2, 3, 4, 5}, -1, 1);
  const Tensor there_and_back = sum_pool(upsample(x, 4), 4);
  // sixteen equal values: each of fifteen partial sums is rounded at most once, by 1.1e-16
  const auto expected = scale(x, 16).to_vector(), found = there_and_back.to_vector();
  REQUIRE(found.size() == 120);
  for (std::size_t i = 0; i < found.size(); ++i)
    CHECK(found[i] == Approx(expected[i]).epsilon(2e-15));
}

TEST_CASE("a factor of one changes nothing", "[learn][image]") {
  const Tensor x = test::irregular({1, 1, 2, 2}, -1, 1);
  CHECK(upsample(x, 1).to_vector() == x.to_vector());
  CHECK(sum_pool(x, 1).to_vector() == x.to_vector());
}

TEST_CASE("changes of resolution say which shapes they expected", "[learn][image]") {
  const Tensor x = test::irregular({1, 2, 4, 6}, -1, 1);
  CHECK_THROWS_AS(sum_pool(x, 3), base::ShapeError);
  CHECK_THROWS_WITH(sum_pool(x, 3), "sum_pool: [1, 2, 4, 6] does not divide into blocks of 3 x 3");
  CHECK_THROWS_WITH(upsample(x, 0), "upsample: the factor is 0, at least 1 was expected");
  CHECK_THROWS_WITH(upsample(reshape(x, {2, 4, 6}), 2),
                    "upsample: images [b, c, h, w] were expected, not shape [2, 4, 6]");
}

}  // namespace noether::learn
