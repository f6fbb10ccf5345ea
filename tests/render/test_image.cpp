#include "render/image.h"

#include <webp/demux.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <memory>

#include "base/error.h"
#include "render/gym/pendulum_frame.h"
#include "tests/support/file_bytes.h"
#include "tests/support/temp_folder.h"

namespace noether::render {
namespace {

struct DeleteDecoder {
  void operator()(WebPAnimDecoder* decoder) const { WebPAnimDecoderDelete(decoder); }
};

struct Animation {
  std::vector<Image> frames;
  std::vector<int> end_ms;
  std::uint32_t loop_count = 1;
};

Animation decode_webp(const std::string& bytes) {
  const std::vector<std::uint8_t> raw(bytes.begin(), bytes.end());
  const WebPData data{raw.data(), raw.size()};
  const std::unique_ptr<WebPAnimDecoder, DeleteDecoder> decoder(WebPAnimDecoderNew(&data, nullptr));
  WebPAnimInfo info;
  REQUIRE(WebPAnimDecoderGetInfo(decoder.get(), &info) != 0);
  Animation animation;
  animation.loop_count = info.loop_count;
  while (WebPAnimDecoderHasMoreFrames(decoder.get()) != 0) {
    std::uint8_t* rgba = nullptr;
    int end_ms = 0;
    REQUIRE(WebPAnimDecoderGetNext(decoder.get(), &rgba, &end_ms) != 0);
    Image image{static_cast<int>(info.canvas_width), static_cast<int>(info.canvas_height), {}};
    for (std::uint32_t i = 0; i < info.canvas_width * info.canvas_height; ++i) {
      image.rgb.insert(image.rgb.end(), rgba + 4 * i, rgba + 4 * i + 3);
    }
    animation.frames.push_back(std::move(image));
    animation.end_ms.push_back(end_ms);
  }
  return animation;
}

Image small_frame(double theta) { return area_average(pendulum_frame(theta, 1.5), 50); }

}  // namespace

TEST_CASE("a PNG picture comes back bit for bit", "[render][image]") {
  const Image image = area_average(pendulum_frame(1, 2.0), 37);
  CHECK(decode_png(encode_png(image)) == image);
}

TEST_CASE("a PNG file holds the encoded bytes", "[render][image]") {
  const test::TempFolder folder;
  const auto path = folder / "picture.png";
  const Image image = small_frame(1);
  write_png(image, path);
  const std::string bytes = test::read_bytes(path);
  CHECK(bytes.substr(1, 3) == "PNG");
  CHECK(decode_png(std::as_bytes(std::span(bytes))) == image);
}

TEST_CASE("bytes that are no PNG picture are refused", "[render][image]") {
  auto png = encode_png(small_frame(0));
  png.resize(png.size() / 2);
  CHECK_THROWS_AS(decode_png(png), base::DataError);
  CHECK_THROWS_AS(decode_png({}), base::DataError);
}

TEST_CASE("a picture that cannot be written names its path", "[render][image]") {
  CHECK_THROWS_WITH(write_png(small_frame(0), "/no/such/folder/a.png"),
                    Catch::Contains("/no/such/folder/a.png"));
}

TEST_CASE("enlarging makes squares of pixels", "[render][image]") {
  const Image image{2, 1, {1, 2, 3, 4, 5, 6}};
  const Image large = enlarge(image, 2);
  CHECK(large.width_px == 4);
  CHECK(large.height_px == 2);
  CHECK(large.rgb == std::vector<std::uint8_t>{1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6,
                                               1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6});
  CHECK_THROWS_AS(enlarge(image, 0), base::UsageError);
}

TEST_CASE("an animated WebP comes back bit for bit, loops and keeps its pace", "[render][image]") {
  const test::TempFolder folder;
  const auto path = folder / "animation.webp";
  const std::vector<Image> frames{small_frame(0), small_frame(0.5), small_frame(1), small_frame(2)};
  write_webp(frames, 30, path);
  const Animation animation = decode_webp(test::read_bytes(path));
  CHECK(animation.frames == frames);
  CHECK(animation.loop_count == 0);                               // for ever
  CHECK(animation.end_ms == std::vector<int>{33, 67, 100, 133});  // n / 30 s, rounded
}

TEST_CASE("frames that make no animation are refused", "[render][image]") {
  const test::TempFolder folder;
  const auto path = folder / "none.webp";
  const std::vector<Image> unequal{small_frame(0), enlarge(small_frame(0), 2)};
  CHECK_THROWS_AS(write_webp({}, 20, path), base::UsageError);
  CHECK_THROWS_AS(write_webp(unequal, 20, path), base::UsageError);
  CHECK_THROWS_AS(write_webp(std::span(unequal).first(1), 0, path), base::UsageError);
  CHECK_FALSE(std::filesystem::exists(path));
}

}  // namespace noether::render
