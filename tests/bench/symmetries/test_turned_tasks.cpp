#include "bench/symmetries/turned_tasks.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "base/error.h"
#include "base/random.h"
#include "bench/symmetries/columns.h"
#include "bench/symmetries/meta_layer.h"
#include "learn/autodiff/ops.h"
#include "learn/autodiff/transforms.h"

namespace noether::bench {
namespace {

using learn::DType;
using learn::Params;
using learn::Tensor;
using Picture = std::vector<std::vector<double>>;

Picture drawn_picture(std::size_t side) {
  base::RandomStream random(3, base::Purpose::noise, side);
  Picture picture(side, std::vector<double>(side));
  for (auto& line : picture)
    for (double& value : line) value = random.normal();
  return picture;
}

Picture turned(const Picture& picture) {
  const std::size_t side = picture.size();
  Picture result = picture;
  for (std::size_t i = 0; i < side; ++i)
    for (std::size_t j = 0; j < side; ++j) result[j][side - 1 - i] = picture[i][j];
  return result;
}

Picture mirrored(Picture picture) {
  for (auto& line : picture) std::ranges::reverse(line);
  return picture;
}

Picture filtered(const Picture& picture, const Picture& psi, const std::vector<std::size_t>& turn) {
  const std::size_t side = picture.size() - 2;
  Picture result(side, std::vector<double>(side, 0));
  for (std::size_t i = 0; i < side; ++i)
    for (std::size_t j = 0; j < side; ++j)
      for (std::size_t cell = 0; cell < turn.size(); ++cell)
        result[i][j] += psi[turn[cell] / 3][turn[cell] % 3] * picture[i + cell / 3][j + cell % 3];
  return result;
}

double distance(const Picture& a, const Picture& b) {
  double most = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    for (std::size_t j = 0; j < a.size(); ++j) most = std::max(most, std::abs(a[i][j] - b[i][j]));
  return most;
}

// How many channels of the moved picture are one moved channel of the picture.
template <class Move>
std::size_t kept_channels(std::int64_t order, const Move& move) {
  const Picture picture = drawn_picture(7), psi = drawn_picture(3);
  const auto turns = turns_of(order);
  std::size_t kept = 0;
  for (const auto& turn : turns) {
    const Picture channel = filtered(move(picture), psi, turn);
    for (const auto& other : turns)
      if (distance(channel, move(filtered(picture, psi, other))) < 1e-12) ++kept;
  }
  return kept;
}

FilterTasks exact_tasks(std::int64_t order, std::int64_t count) {
  const FilterTasks tasks = turned_tasks(order, 5, 0, count, 2);
  return {cast(tasks.x, DType::f64), cast(tasks.y, DType::f64), cast(tasks.filters, DType::f64)};
}

double largest(const Tensor& x) {
  double most = 0;
  for (const double value : x.to_vector()) most = std::max(most, std::abs(value));
  return most;
}

MetaLayer layer_of(Sharing sharing) {
  return {.sharing = sharing,
          .width = patch_size,
          .support = patch_sites,
          .outputs = 4,
          .inputs = patch_size};
}

}  // namespace

TEST_CASE("channels of a turned or mirrored picture change places, exactly",
          "[bench][symmetries]") {
  CHECK(kept_channels(4, turned) == 4);
  CHECK(kept_channels(8, turned) == 8);
  CHECK(kept_channels(8, mirrored) == 8);
  CHECK(kept_channels(4, mirrored) == 0);
  CHECK_THROWS_AS(turns_of(6), base::UsageError);
}

TEST_CASE("a task of turned filters is its span times psi", "[bench][symmetries]") {
  for (const std::int64_t order : {4, 8}) {
    const FilterTasks tasks = exact_tasks(order, 3);
    const Tensor W =
        reshape(matmul(tasks.filters, turned_columns(order), false, true), {3, order, patch_size});
    // x, y and psi are rounded to float32
    CHECK(largest(matmul(tasks.x, W, false, true) - tasks.y) < 1e-5);
    CHECK(largest(tasks.y) > 1);
  }
}

TEST_CASE("a span is held by itself, and by another by chance", "[bench][symmetries]") {
  const Tensor truth = turned_columns(8);
  CHECK(held_share(truth, truth) == Approx(1));
  const Params random =
      initial_weights({.width = patch_size, .outputs = 8, .inputs = patch_size}, 1, DType::f64);
  CHECK(held_share(random["U"], truth) == Approx(9.0 / 72).margin(0.1));
  // columns of the truth have length sqrt(8)
  CHECK(largest(projector(truth) - scale(matmul(truth, truth, false, true), 1.0 / 8)) < 1e-13);
}

TEST_CASE("a Kronecker layer begins as the plain one", "[bench][symmetries]") {
  const FilterTasks tasks = exact_tasks(4, 2);
  const MetaLayer layer = layer_of(Sharing::kronecker), plain = layer_of(Sharing::full);
  CHECK(largest(query_errors(layer, initial_weights(layer, 1, DType::f64), tasks) -
                query_errors(plain, initial_weights(plain, 1, DType::f64), tasks)) < 1e-12);
}

TEST_CASE("the gradient through the inner steps agrees with differences in the plane",
          "[bench][symmetries]") {
  const FilterTasks tasks = exact_tasks(4, 2);
  for (const Sharing sharing : {Sharing::kronecker, Sharing::learned}) {
    const MetaLayer layer = layer_of(sharing);
    Params params = initial_weights(layer, 1, DType::f64);
    // away from the identity, so that no slope is one of symmetry
    if (sharing == Sharing::kronecker)
      params = params.with("A", params["A"] + Tensor::full({4, 4}, 0.3));
    const auto loss = [&](const Params& at) { return mean(query_errors(layer, at, tasks)); };
    for (const auto& [name, slope] : learn::grad(loss, params)) {
      const std::vector<double> slopes = slope.to_vector();
      for (const std::size_t at : {std::size_t{0}, slopes.size() / 3, slopes.size() - 1}) {
        constexpr double h = 1e-4;  // the error of central differences is of the order of h^2
        const auto moved = [&, &key = name](double by) {
          std::vector<double> values = params[key].to_vector();
          values[at] += by;
          return loss(params.with(key, Tensor::from<double>(values, params[key].shape()))).item();
        };
        INFO(name << " " << at);
        CHECK(slopes[at] == Approx((moved(h) - moved(-h)) / (2 * h)).epsilon(1e-5).margin(1e-7));
      }
    }
  }
}

}  // namespace noether::bench
