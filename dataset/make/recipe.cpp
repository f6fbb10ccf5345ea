#include "dataset/make/recipe.h"

#include <algorithm>

#include "dataset/make/catalogue.h"

namespace noether::dataset {

FilmPieces film_pieces(const Array& pixels) {
  constexpr std::int64_t piece_bytes = 4 << 20;  // small enough to share among threads
  const std::int64_t chunk = chunk_shape(pixels)[1], times = pixels.shape[1];
  const std::int64_t chunk_bytes = row_bytes(pixels) / times * chunk;
  const std::int64_t frames = std::max<std::int64_t>(piece_bytes / chunk_bytes, 1) * chunk;
  return {.frames = frames, .count = (times + frames - 1) / frames};
}

Statement generated(const Config& config) {
  return {.dataset_name = "noether/" + config.name(),
          .command_line = config.command_line(),
          .config_toml = config.to_toml()};
}

Recipe make_recipe(const Config& config) {
  return making_of(find_dataset(config.name())).recipe(config);
}

}  // namespace noether::dataset
