// Animated WebP: the only file that includes webp headers.

#include <webp/encode.h>
#include <webp/mux.h>

#include <cmath>
#include <memory>
#include <string>

#include "base/error.h"
#include "base/interrupt.h"
#include "base/output_file.h"
#include "render/image.h"

namespace noether::render {
namespace {

struct DeleteEncoder {
  void operator()(WebPAnimEncoder* encoder) const { WebPAnimEncoderDelete(encoder); }
};

// Pixels in libwebp's own memory.
class Picture {
 public:
  explicit Picture(const Image& image) {
    require(WebPPictureInit(&picture_) != 0, "library version");
    picture_.use_argb = 1;  // lossless
    picture_.width = image.width_px;
    picture_.height = image.height_px;
    require(WebPPictureImportRGB(&picture_, image.rgb.data(), image.width_px * 3) != 0, "memory");
  }
  ~Picture() { WebPPictureFree(&picture_); }
  Picture(const Picture&) = delete;
  Picture& operator=(const Picture&) = delete;
  WebPPicture* get() { return &picture_; }

  static void require(bool ok, const std::string& what) {
    if (!ok) throw base::DataError("encoding WebP: " + what);
  }

 private:
  WebPPicture picture_;
};

using Encoder = std::unique_ptr<WebPAnimEncoder, DeleteEncoder>;

Encoder make_encoder(int width_px, int height_px) {
  WebPAnimEncoderOptions options;
  Picture::require(WebPAnimEncoderOptionsInit(&options) != 0, "library version");
  options.anim_params.loop_count = 0;  // for ever
  Encoder encoder(WebPAnimEncoderNew(width_px, height_px, &options));
  Picture::require(encoder != nullptr, "memory");
  return encoder;
}

std::vector<std::byte> assemble(WebPAnimEncoder* encoder) {
  WebPData data;
  WebPDataInit(&data);
  const bool ok = WebPAnimEncoderAssemble(encoder, &data) != 0;
  const auto bytes = std::as_bytes(std::span(data.bytes, data.size));
  std::vector<std::byte> result(bytes.begin(), bytes.end());
  WebPDataClear(&data);
  Picture::require(ok, WebPAnimEncoderGetError(encoder));
  return result;
}

}  // namespace

void write_webp(std::span<const Image> frames, double frames_per_second,
                const std::filesystem::path& path) {
  if (frames.empty()) throw base::UsageError("write_webp: no frames");
  if (!(frames_per_second > 0 && frames_per_second <= 1000)) {
    throw base::UsageError("write_webp: frames per second " + std::to_string(frames_per_second) +
                           " are not in (0, 1000]");
  }
  const int width_px = frames[0].width_px;
  const int height_px = frames[0].height_px;
  WebPConfig config;
  Picture::require(WebPConfigInit(&config) != 0, "library version");
  config.lossless = 1;
  config.exact = 1;
  config.quality = 30;  // of lossless coding: effort, not fidelity
  config.method = 2;

  const Encoder encoder = make_encoder(width_px, height_px);
  // frame n is shown from n / fps on, so the rounding to milliseconds does not add up
  const auto time_ms = [&](std::size_t n) {
    return static_cast<int>(std::lround(1000 * static_cast<double>(n) / frames_per_second));
  };
  for (std::size_t n = 0; n < frames.size(); ++n) {
    base::check_interrupt();
    if (frames[n].width_px != width_px || frames[n].height_px != height_px) {
      throw base::UsageError("write_webp: frame " + std::to_string(n) + " differs in size");
    }
    Picture picture(frames[n]);
    Picture::require(WebPAnimEncoderAdd(encoder.get(), picture.get(), time_ms(n), &config) != 0,
                     WebPAnimEncoderGetError(encoder.get()));
  }
  Picture::require(WebPAnimEncoderAdd(encoder.get(), nullptr, time_ms(frames.size()), nullptr) != 0,
                   WebPAnimEncoderGetError(encoder.get()));
  base::write_bytes(assemble(encoder.get()), path);
}

}  // namespace noether::render
