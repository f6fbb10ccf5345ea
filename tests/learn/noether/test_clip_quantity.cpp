#include "learn/noether/clip_quantity.h"

#include <catch2/catch.hpp>

#include "base/error.h"
#include "learn/autodiff/gradcheck.h"
#include "learn/autodiff/ops.h"
#include "tests/learn/noether/clips.h"
#include "tests/learn/noether/comparison.h"

namespace noether::learn {

TEST_CASE("residuals of films: from the mean of the real pairs, or from the pair before",
          "[learn][noether]") {
  // two films, five frames, three of them real: two real pairs, two predicted; numbers in pairs
  const Tensor values = Tensor::from({1, 10, 3, 30, 7, 70, 4, 40,  //
                                      0, 1, 0, 3, 5, 2, 6, 4},
                                     {2, 4, 2});
  CHECK(clip_residuals(Form::anchored, values, 3).to_vector() ==
        std::vector<double>{5, 50, 2, 20, 5, 0, 6, 2});
  CHECK(clip_residuals(Form::previous, values, 3).to_vector() ==
        std::vector<double>{4, 40, -3, -30, 5, -1, 1, 2});
  CHECK_THROWS_AS(clip_residuals(Form::tangent, values, 3), base::UsageError);
  CHECK_THROWS_AS(clip_residuals(Form::anchored, values, 5), base::ShapeError);
  CHECK_THROWS_AS(clip_residuals(Form::anchored, values, 1), base::ShapeError);
}

TEST_CASE("pairs of frames are stacked in order", "[learn][noether]") {
  const Tensors frames = test::frames_of(Tensor::from({1, 2, 3, 4, 5, 6}, {2, 3, 1, 1, 1}));
  CHECK(film_of(frames).to_vector() == std::vector<double>{1, 2, 3, 4, 5, 6});
  CHECK(frame_pairs(frames).to_vector() == std::vector<double>{1, 2, 2, 3, 4, 5, 5, 6});
  CHECK(frame_pairs(frames).shape() == Shape({4, 2, 1, 1}));
}

TEST_CASE("the convolutional quantity is differentiable to second order, film by film",
          "[learn][noether]") {
  const ConvQuantity g{.size = 8, .width = 2, .outputs = 3};
  const Params phi = g.init(1, DType::f64);
  const Clips both = test::irregular_clips(2, 4, 8);
  CHECK(g(phi, both).shape() == Shape({2, 3, 3}));
  CHECK_NOTHROW(require_gradients(
      [&](const std::pair<Params, Tensors>& at) {
        return mean(square(g(at.first, {at.second, both.actions})));
      },
      std::pair(phi, both.frames), {.order = 2, .step = 5e-5}));
  // to the bit
  for (std::int64_t i = 0; i < 2; ++i)
    CHECK(g(phi, test::only(both, i)).to_vector() == slice(g(phi, both), 0, i, i + 1).to_vector());
}

}  // namespace noether::learn
