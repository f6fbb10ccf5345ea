#include "bench/video/lpips.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <limits>

#include "base/error.h"
#include "base/random.h"
#include "base/sha256.h"
#include "tests/support/file_bytes.h"
#include "tests/support/foreign_file.h"
#include "tests/support/temp_folder.h"

using namespace noether;
using bench::LpipsWeights;
using learn::Shape;
using learn::Tensor;

namespace {

using Values = std::vector<double>;

Tensor random(const Shape& shape, std::uint64_t index, double low, double high) {
  base::RandomStream stream(1, base::Purpose::weights, index);
  return Tensor::build<double>(shape, [&](std::span<double> out) {
    for (double& value : out) value = stream.uniform(low, high);
  });
}

// AlexNet's windows with few channels, in float64.
LpipsWeights small_weights() {
  const std::vector<Shape> shapes{
      {4, 3, 11, 11}, {5, 4, 5, 5}, {6, 5, 3, 3}, {4, 6, 3, 3}, {3, 4, 3, 3}};
  LpipsWeights weights{.layers = {},
                       .shift = Tensor::from({-.03, -.088, -.188}, {3}),
                       .scale = Tensor::from({.458, .448, .45}, {3})};
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    const Shape channels{shapes[i][0]};
    weights.layers.push_back({random(shapes[i], 3 * i, -0.2, 0.2),
                              random(channels, 3 * i + 1, -0.1, 0.1),
                              random(channels, 3 * i + 2, 0, 1)});
  }
  return weights;
}

// One image (c, h, w), for loops over its pixels; outside it is 0.
struct Image {
  std::int64_t channels, height, width;
  Values values;

  double at(std::int64_t c, std::int64_t y, std::int64_t x) const {
    if (y < 0 || y >= height || x < 0 || x >= width) return 0;
    return values[static_cast<std::size_t>((c * height + y) * width + x)];
  }
};

Image convolved(const Image& image, const bench::LpipsLayer& layer, int stride, int padding) {
  const Values w = layer.weight.to_vector(), b = layer.bias.to_vector();
  const std::int64_t size = layer.weight.shape()[2];
  Image out{layer.weight.shape()[0],
            (image.height + 2 * padding - size) / stride + 1,
            (image.width + 2 * padding - size) / stride + 1,
            {}};
  for (std::int64_t k = 0; k < out.channels; ++k) {
    for (std::int64_t y = 0; y < out.height; ++y) {
      for (std::int64_t x = 0; x < out.width; ++x) {
        double sum = b[static_cast<std::size_t>(k)];
        for (std::int64_t c = 0; c < image.channels; ++c) {
          for (std::int64_t i = 0; i < size; ++i) {
            for (std::int64_t j = 0; j < size; ++j) {
              sum += w[static_cast<std::size_t>(((k * image.channels + c) * size + i) * size + j)] *
                     image.at(c, y * stride - padding + i, x * stride - padding + j);
            }
          }
        }
        out.values.push_back(std::max(sum, 0.0));
      }
    }
  }
  return out;
}

Image pooled(const Image& image) {
  Image out{image.channels, (image.height - 3) / 2 + 1, (image.width - 3) / 2 + 1, {}};
  for (std::int64_t c = 0; c < out.channels; ++c) {
    for (std::int64_t y = 0; y < out.height; ++y) {
      for (std::int64_t x = 0; x < out.width; ++x) {
        double most = 0;  // features are not negative
        for (std::int64_t k = 0; k < 9; ++k)
          most = std::max(most, image.at(c, 2 * y + k / 3, 2 * x + k % 3));
        out.values.push_back(most);
      }
    }
  }
  return out;
}

std::vector<Image> features_of(const LpipsWeights& weights, Image image) {
  const Values shift = weights.shift.to_vector(), scale = weights.scale.to_vector();
  const std::size_t plane = image.values.size() / 3;
  for (std::size_t i = 0; i < image.values.size(); ++i)
    image.values[i] = (2 * image.values[i] - 1 - shift[i / plane]) / scale[i / plane];
  const auto& layers = weights.layers;
  std::vector<Image> all{convolved(image, layers[0], 4, 2)};
  all.push_back(convolved(pooled(all.back()), layers[1], 1, 2));
  all.push_back(convolved(pooled(all.back()), layers[2], 1, 1));
  all.push_back(convolved(all.back(), layers[3], 1, 1));
  all.push_back(convolved(all.back(), layers[4], 1, 1));
  return all;
}

double direct_lpips(const LpipsWeights& weights, const Image& a, const Image& b) {
  const auto f = features_of(weights, a), g = features_of(weights, b);
  double total = 0;
  for (std::size_t l = 0; l < f.size(); ++l) {
    const Values lin = weights.layers[l].lin.to_vector();
    double sum = 0;
    for (std::int64_t p = 0; p < f[l].height * f[l].width; ++p) {
      const auto channel = [&](const Image& image, std::int64_t c) {
        return image.at(c, p / image.width, p % image.width);
      };
      double length_f = 0, length_g = 0;
      for (std::int64_t c = 0; c < f[l].channels; ++c) {
        length_f += std::pow(channel(f[l], c), 2);
        length_g += std::pow(channel(g[l], c), 2);
      }
      for (std::int64_t c = 0; c < f[l].channels; ++c) {
        sum += lin[static_cast<std::size_t>(c)] *
               std::pow(channel(f[l], c) / (std::sqrt(length_f) + 1e-10) -
                            channel(g[l], c) / (std::sqrt(length_g) + 1e-10),
                        2);
      }
    }
    total += sum / static_cast<double>(f[l].height * f[l].width);
  }
  return total;
}

// A file of the right form, which `change` may spoil.
void write_weights(const std::filesystem::path& path,
                   const std::function<void(std::vector<test::ForeignArray>&)>& change = {}) {
  std::vector<test::ForeignArray> arrays{{"shift", {3}, test::Floats{-.03F, -.088F, -.188F}},
                                         {"scale", {3}, test::Floats{.458F, .448F, .45F}}};
  const std::vector<std::vector<hsize_t>> shapes{
      {64, 3, 11, 11}, {192, 64, 5, 5}, {384, 192, 3, 3}, {256, 384, 3, 3}, {256, 256, 3, 3}};
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    std::size_t size = 1;
    for (const hsize_t extent : shapes[i]) size *= extent;
    const std::string conv = "conv" + std::to_string(i + 1);
    arrays.push_back({conv + "/weight", shapes[i], test::Floats(size, 0.01F)});
    arrays.push_back({conv + "/bias", {shapes[i][0]}, test::Floats(shapes[i][0], 0.1F)});
    arrays.push_back({"lin" + std::to_string(i), {shapes[i][0]}, test::Floats(shapes[i][0], 0.5F)});
  }
  if (change) change(arrays);
  test::write_foreign(path, arrays);
}

test::ForeignArray& array_of(std::vector<test::ForeignArray>& arrays, const std::string& path) {
  return *std::ranges::find(arrays, path, &test::ForeignArray::path);
}

}  // namespace

TEST_CASE("lpips is its definition, pixel by pixel", "[bench][lpips]") {
  const LpipsWeights weights = small_weights();
  const Tensor a = random({2, 3, 43, 39}, 100, 0, 1), b = random({2, 3, 43, 39}, 101, 0, 1);
  const Values measured = bench::lpips(weights, a, b);
  REQUIRE(measured.size() == 2);
  for (std::size_t i = 0; i < 2; ++i) {
    const auto image = [&](const Tensor& x) {
      const Values all = x.to_vector();
      const auto first = all.begin() + static_cast<std::ptrdiff_t>(i * all.size() / 2);
      return Image{3, 43, 39, Values(first, first + std::ssize(all) / 2)};
    };
    const double direct = direct_lpips(weights, image(a), image(b));
    CHECK(direct > 0.01);
    CHECK(measured[i] == Approx(direct).epsilon(1e-12));  // sums in another order
  }
}

TEST_CASE("equal frames are at distance 0, grey ones as their colours", "[bench][lpips]") {
  const LpipsWeights weights = small_weights();
  const Tensor grey = random({1, 1, 31, 31}, 100, 0, 1), other = random({1, 1, 31, 31}, 101, 0, 1);
  CHECK(bench::lpips(weights, grey, grey).at(0) == 0);
  const auto colours = [](const Tensor& x) {
    Values values;
    for (int c = 0; c < 3; ++c) {
      const Values plane = x.to_vector();
      values.insert(values.end(), plane.begin(), plane.end());
    }
    return Tensor::from<double>(values, {1, 3, 31, 31});
  };
  const double distance = bench::lpips(weights, grey, other).at(0);
  CHECK(distance > 0);
  CHECK(distance == bench::lpips(weights, colours(grey), colours(other)).at(0));
  // the same squares, of differences with the other sign: a few roundings at most
  CHECK(distance == Approx(bench::lpips(weights, other, grey).at(0)).epsilon(1e-14));
}

TEST_CASE("frames that lpips cannot see are refused", "[bench][lpips]") {
  const auto message = [](const Shape& a, const Shape& b) {
    return test::message_of<base::ShapeError>(
        [&] { bench::lpips(small_weights(), Tensor::full(a, 0), Tensor::full(b, 0)); });
  };
  CHECK(message({1, 1, 16, 31}, {1, 1, 16, 31}) ==
        "lpips: frames of 16 x 31 px are smaller than 31 x 31 px, of which its network leaves one "
        "pixel");
  CHECK(message({1, 2, 32, 32}, {1, 2, 32, 32}) ==
        "lpips: frames are [1, 2, 32, 32] and [1, 2, 32, 32]; one shape [n, c, h, w] with c = 1 or "
        "3 was expected");
  CHECK_FALSE(message({1, 1, 32, 32}, {2, 1, 32, 32}).empty());
}

TEST_CASE("a weight file is read with its SHA-256", "[bench][lpips]") {
  const test::TempFolder folder;
  write_weights(folder / "w.h5");
  const LpipsWeights weights = bench::read_lpips_weights(folder / "w.h5");
  CHECK(weights.sha256 == base::sha256_hex(test::read_bytes(folder / "w.h5")));
  REQUIRE(weights.layers.size() == 5);
  CHECK(weights.layers[1].weight.shape() == Shape{192, 64, 5, 5});
  CHECK(weights.layers[4].lin.to_vector() == Values(256, 0.5));
  CHECK(weights.scale.to_vector()[0] == static_cast<double>(.458F));
  const Tensor black = Tensor::full({1, 1, 32, 32}, 0, learn::DType::f32);
  CHECK(bench::lpips(weights, black, black).at(0) == 0);
}

TEST_CASE("a file that holds no weights of lpips is refused in one sentence", "[bench][lpips]") {
  const test::TempFolder folder;
  const auto refusal = [&](const auto& change) {
    write_weights(folder / "w.h5", change);
    const auto message =
        test::message_of<base::DataError>([&] { bench::read_lpips_weights(folder / "w.h5"); });
    const std::string start = "'" + (folder / "w.h5").string() + "' holds no weights of LPIPS: ";
    return message.starts_with(start) ? message.substr(start.size()) : message;
  };
  using Arrays = std::vector<test::ForeignArray>;
  CHECK(refusal([](Arrays& arrays) {
          std::erase_if(arrays, [](const auto& a) { return a.path == "conv4/bias"; });
        }) == "it has no array 'conv4/bias'");
  CHECK(refusal([](Arrays& arrays) {
          array_of(arrays, "conv2/weight").shape = {64, 192, 5, 5};
        }) == "'conv2/weight' has shape (64, 192, 5, 5); (192, 64, 5, 5) was expected");
  CHECK_THAT(
      refusal([](Arrays& arrays) { array_of(arrays, "lin0").values = test::Doubles(64, 0.5); }),
      Catch::Contains("'lin0' holds") && Catch::Contains("was expected"));
  CHECK(refusal([](Arrays& arrays) {
          std::get<test::Floats>(array_of(arrays, "lin3").values)[7] = -0.1F;
        }) == "'lin3' holds a negative number, as no trained weights do");
  CHECK(refusal([](Arrays& arrays) {
          std::get<test::Floats>(array_of(arrays, "conv5/weight").values)[7] = NAN;
        }) == "'conv5/weight' holds a number that is not finite");
  CHECK(refusal([](Arrays& arrays) {
          array_of(arrays, "scale").values = test::Floats{1, 0, 1};
        }) == "'scale' holds a zero");
  test::write_bytes(folder / "text.h5", "weights");
  CHECK_THROWS_AS(bench::read_lpips_weights(folder / "text.h5"), base::DataError);
}
