#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

namespace noether::render {

// An RGB image: rgb is (height_px, width_px, 3), row-major, row 0 at the top.
struct Image {
  int width_px = 0;
  int height_px = 0;
  std::vector<std::uint8_t> rgb;
  bool operator==(const Image&) const = default;
};

// The image as the bytes of a PNG file, lossless.
std::vector<std::byte> encode_png(const Image& image);

// The picture in the bytes of a PNG file; throws DataError where they are none.
Image decode_png(std::span<const std::byte> png);

// Writes a PNG file; throws DataError with the path.
void write_png(const Image& image, const std::filesystem::path& path);

// Writes frames of equal size as a looping animated WebP, lossless; throws DataError with the path.
void write_webp(std::span<const Image> frames, double frames_per_second,
                const std::filesystem::path& path);

// The image enlarged `factor` times, each pixel a square.
Image enlarge(const Image& image, int factor);

}  // namespace noether::render
