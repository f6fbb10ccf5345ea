#include "render/image.h"

#include "base/error.h"
#include "base/output_file.h"
#include "render/canvas.h"

namespace noether::render {

std::vector<std::byte> encode_png(const Image& image) { return Canvas(image).to_png(); }

Image decode_png(std::span<const std::byte> png) { return Canvas::from_png(png).to_image(); }

void write_png(const Image& image, const std::filesystem::path& path) {
  base::write_bytes(encode_png(image), path);
}

Image enlarge(const Image& image, int factor) {
  if (factor < 1) {
    throw base::UsageError("enlarge: factor " + std::to_string(factor) + " is not positive");
  }
  Image large{image.width_px * factor, image.height_px * factor, {}};
  large.rgb.reserve(image.rgb.size() * static_cast<std::size_t>(factor * factor));
  const auto row_bytes = static_cast<std::size_t>(image.width_px) * 3;
  for (int y = 0; y < large.height_px; ++y) {
    const std::uint8_t* row = image.rgb.data() + static_cast<std::size_t>(y / factor) * row_bytes;
    for (int x = 0; x < large.width_px; ++x) {
      const std::uint8_t* pixel = row + std::ptrdiff_t{x / factor} * 3;
      large.rgb.insert(large.rgb.end(), pixel, pixel + 3);
    }
  }
  return large;
}

}  // namespace noether::render
