#include "bench/symmetries/meta_layer.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "base/error.h"
#include "bench/symmetries/filter_sharing.h"
#include "learn/autodiff/ops.h"
#include "learn/autodiff/transforms.h"

namespace noether::bench {
namespace {

using learn::DType;
using learn::Params;
using learn::Tensor;

FilterTasks exact_tasks(const Tensor& mixing, std::int64_t count) {
  const FilterTasks tasks = filter_tasks(mixing, 5, 0, count, 4);
  return {cast(tasks.x, DType::f64), cast(tasks.y, DType::f64), tasks.filters};
}

double largest(const Tensor& x) {
  double most = 0;
  for (const double value : x.to_vector()) most = std::max(most, std::abs(value));
  return most;
}

double loss(const MetaLayer& layer, const Params& params, const FilterTasks& tasks) {
  return mean(query_errors(layer, params, tasks)).item();
}

// The one weight of that name and index, moved.
Params moved(const Params& params, const std::string& name, std::size_t at, double by) {
  std::vector<double> values = params[name].to_vector();
  values[at] += by;
  return params.with(name, Tensor::from<double>(values, params[name].shape()));
}

}  // namespace

TEST_CASE("a task is a function of the seed and its index alone", "[bench][symmetries]") {
  const Tensor mixing = site_mixing(2, 5);
  const FilterTasks all = filter_tasks(mixing, 5, 0, 5, 3), last = filter_tasks(mixing, 5, 3, 2, 3);
  CHECK(slice(all.x, 0, 3, 5).to_vector() == last.x.to_vector());
  CHECK(slice(all.y, 0, 3, 5).to_vector() == last.y.to_vector());
  CHECK(filter_tasks(mixing, 6, 0, 1, 3).x.to_vector() != slice(all.x, 0, 0, 1).to_vector());
  CHECK_THROWS_AS(site_mixing(0, 5), base::UsageError);
}

TEST_CASE("a task is its weights times its inputs", "[bench][symmetries]") {
  for (const std::int64_t rank : {1, 2, 5}) {
    const FilterTasks tasks = exact_tasks(site_mixing(rank, 5), 3);
    for (std::int64_t task = 0; task < 3; ++task) {
      const auto of_task = [&](const Tensor& values) {
        return reshape(slice(values, 0, task, task + 1), {4, values.shape()[2]});
      };
      const Tensor W = true_weights(tasks, task);
      // x, y and filters are rounded to float32
      CHECK(largest(matmul(of_task(tasks.x), W, false, true) - of_task(tasks.y)) < 1e-5);
    }
  }
  const auto taps = exact_tasks(site_mixing(1, 5), 1).filters.to_vector();
  for (std::size_t i = 0; i < taps.size(); ++i) CHECK(taps[i] == taps[i % filter_taps]);
}

TEST_CASE("a layer that shares as the truth does is a convolution", "[bench][symmetries]") {
  const Tensor mixing = site_mixing(1, 5);
  const FilterTasks tasks = exact_tasks(mixing, 3);
  const MetaLayer convolution{.sharing = Sharing::convolution};
  const MetaLayer shared{.sharing = Sharing::learned, .width = 3};
  const Params params = initial_weights(convolution, 1, DType::f64);
  Params same = params;
  same.add("U", true_columns(mixing));
  const Tensor difference =
      query_errors(convolution, params, tasks) - query_errors(shared, same, tasks);
  CHECK(largest(difference) < 1e-12);
  CHECK(largest(adapted(convolution, params, tasks) - adapted(shared, same, tasks)) < 1e-13);
}

TEST_CASE("the gradient through the inner steps agrees with differences", "[bench][symmetries]") {
  const FilterTasks tasks = exact_tasks(site_mixing(2, 5), 2);
  for (const Sharing sharing :
       {Sharing::full, Sharing::local, Sharing::convolution, Sharing::learned}) {
    const MetaLayer layer{.sharing = sharing, .width = 6};
    const Params params = initial_weights(layer, 1, DType::f64);
    const auto gradient =
        learn::grad([&](const Params& at) { return mean(query_errors(layer, at, tasks)); }, params);
    for (const auto& [name, slope] : gradient) {
      const std::vector<double> slopes = slope.to_vector();
      const std::size_t last = slopes.size() - 1;
      for (const std::size_t at : {std::size_t{0}, last / 3, last}) {
        constexpr double h = 1e-4;  // the error of central differences is of the order of h^2
        const double difference = (loss(layer, moved(params, name, at, h), tasks) -
                                   loss(layer, moved(params, name, at, -h), tasks)) /
                                  (2 * h);
        INFO(name << " " << at);
        CHECK(slopes[at] == Approx(difference).epsilon(1e-5).margin(1e-7));
      }
    }
  }
}

TEST_CASE("what is shared is measured whatever the columns are", "[bench][symmetries]") {
  const Tensor mixing = site_mixing(2, 5);
  const Tensor truth = true_columns(mixing);
  const SharingQuality exact = sharing_quality(truth, mixing);
  CHECK(exact.band == Approx(1));
  CHECK(exact.span == Approx(1));
  std::vector<double> turn(36, 0.3);
  for (std::size_t i = 0; i < 6; ++i) turn[7 * i] = 2 + static_cast<double>(i);
  const Tensor other = matmul(truth, Tensor::from<double>(turn, {6, 6}));
  CHECK(sharing_quality(other, mixing).span == Approx(1));
  CHECK(largest(site_likeness(other) - site_likeness(truth)) < 1e-12);
  // a random span of k columns holds k / 4760 of any other
  const Params random = initial_weights({.width = 6}, 1, DType::f64);
  const SharingQuality chance = sharing_quality(random["U"], mixing);
  CHECK(chance.span < 0.01);
  CHECK(chance.band == Approx(3.0 / 70).margin(0.01));
}

}  // namespace noether::bench
