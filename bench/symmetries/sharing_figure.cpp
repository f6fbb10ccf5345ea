#include "bench/symmetries/sharing_figure.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "render/canvas.h"
#include "render/plots/plot.h"

namespace noether::bench {
namespace {

constexpr double margin = 16, heading = 56, below = 12;

render::Color color_of(double share, bool is_signed) {
  if (!is_signed) return render::palette::gradient(share, 1);
  const double pale = 1 - std::abs(share);
  return share < 0 ? render::Color{pale, pale, 1} : render::Color{1, pale, pale};
}

render::Image image_of(const MatrixPicture& picture) {
  const auto values = picture.matrix.to_vector();
  double largest = 0;
  for (const double value : values) largest = std::max(largest, std::abs(value));
  render::Image image{.width_px = static_cast<int>(picture.matrix.shape()[1]),
                      .height_px = static_cast<int>(picture.matrix.shape()[0]),
                      .rgb = {}};
  for (const double value : values) {
    const auto color = color_of(largest > 0 ? value / largest : 0, picture.is_signed);
    for (const double part : {color.red, color.green, color.blue})
      image.rgb.push_back(static_cast<std::uint8_t>(std::lround(255 * part)));
  }
  return render::enlarge(image, picture.pixel);
}

}  // namespace

render::Image sharing_figure(const std::vector<MatrixPicture>& pictures,
                             const std::string& caption) {
  std::vector<render::Image> images;
  double width = margin;
  int height = 0;
  for (const MatrixPicture& picture : pictures) {
    images.push_back(image_of(picture));
    width += images.back().width_px + margin;
    height = std::max(height, images.back().height_px);
  }
  render::Canvas canvas(static_cast<int>(width), static_cast<int>(heading + height + below),
                        render::Color{1, 1, 1});
  canvas.text({margin, 20}, caption, {.size_px = 13, .bold = true});
  double left = margin;
  for (std::size_t i = 0; i < images.size(); ++i) {
    canvas.text({left, heading - 8}, pictures[i].title, {.size_px = 11});
    canvas.image(images[i], {left, heading});
    left += images[i].width_px + margin;
  }
  return canvas.to_image();
}

}  // namespace noether::bench
