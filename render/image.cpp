#include "render/image.h"

#include <cerrno>
#include <cstring>
#include <fstream>

#include "base/error.h"
#include "render/canvas.h"

namespace noether::render {

std::vector<std::byte> encode_png(const Image& image) { return Canvas(image).to_png(); }

Image decode_png(std::span<const std::byte> png) { return Canvas::from_png(png).to_image(); }

void write_bytes(std::span<const std::byte> bytes, const std::filesystem::path& path) {
  std::ofstream file(path, std::ios::binary);
  file.write(static_cast<const char*>(static_cast<const void*>(bytes.data())),
             static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (!file) {
    const std::string reason = std::strerror(errno);
    // half a picture is worse than none
    std::error_code ignored;
    if (std::filesystem::is_regular_file(path, ignored)) std::filesystem::remove(path, ignored);
    throw base::DataError("cannot write '" + path.string() + "': " + reason);
  }
}

void write_png(const Image& image, const std::filesystem::path& path) {
  write_bytes(encode_png(image), path);
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
