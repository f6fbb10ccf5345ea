#include "learn/autodiff/params.h"

#include <catch2/catch.hpp>
#include <stdexcept>

#include "base/error.h"
#include "learn/autodiff/ops.h"
#include "tests/learn/autodiff/op_examples.h"

namespace noether::learn {
namespace {

const Params params{{"W", test::irregular({2, 3}, -1, 1)}, {"b", test::irregular({2}, -1, 1, 1)}};

}  // namespace

TEST_CASE("weights are found by name and listed in order", "[learn][params]") {
  CHECK(params.size() == 2);
  CHECK(params["b"].shape() == Shape{2});
  CHECK(params.tensors()[0].shape() == Shape{2, 3});
  CHECK(params.contains("W"));
  CHECK_FALSE(params.contains("c"));
  CHECK(count(params) == 8);
  CHECK_THROWS_AS(params["c"], base::UsageError);
  CHECK_THROWS_WITH(params["c"], "no weight is called 'c'");
}

TEST_CASE("a name is given to one weight only", "[learn][params]") {
  Params more = params;
  CHECK_THROWS_AS(more.add("W", Tensor::scalar(1)), std::logic_error);
  CHECK(more.size() == 2);
}

TEST_CASE("one weight is replaced in a copy", "[learn][params]") {
  const Params changed = params.with("b", Tensor::full({2}, 7));
  CHECK(changed["b"].to_vector() == std::vector<double>{7, 7});
  CHECK(changed["W"].to_vector() == params["W"].to_vector());
  CHECK(params["b"].to_vector() != changed["b"].to_vector());
  CHECK_THROWS_AS(params.with("c", Tensor::scalar(1)), base::UsageError);
}

TEST_CASE("weights go into one vector and back", "[learn][params]") {
  const Tensor vector = ravel(params.tensors());
  REQUIRE(vector.shape() == Shape{8});
  const Params back = params.with_tensors(unravel(params.tensors(), vector));
  CHECK(back["W"].shape() == Shape{2, 3});
  CHECK(back["W"].to_vector() == params["W"].to_vector());
  CHECK(back["b"].to_vector() == params["b"].to_vector());
}

TEST_CASE("weights form a vector space with an inner product", "[learn][params]") {
  const Params sum = add_scaled(params, 2, params);
  CHECK(sum["b"].to_vector() == add(params["b"], scale(params["b"], 2)).to_vector());
  // sums of a dozen products, rounded in other places
  CHECK(dot(params, sum).item() == Approx(3 * dot(params, params).item()).epsilon(1e-14));
  CHECK(dot(params, params).item() > 0);
}

}  // namespace noether::learn
