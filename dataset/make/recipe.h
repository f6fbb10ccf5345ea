#pragma once

// How to make a dataset: its layout, and its samples block by block, each a function of its index
// alone.

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "dataset/make/config.h"
#include "dataset/store/layout.h"
#include "dataset/store/writer.h"

namespace noether::dataset {

// What a file says of its own making.
struct Statement {
  std::string dataset_name;  // "noether/pendulum"
  std::string command_line;
  std::string config_toml;  // /provenance/config
};

// How a film is cut, so that none is held whole. Of anything else a block is one piece.
struct FilmPieces {
  std::int64_t frames = 0;  // of a piece: those of whole chunks
  std::int64_t count = 1;   // of a film
};

// Pieces of a few MiB of frames, or of one chunk.
FilmPieces film_pieces(const Array& pixels);

struct Recipe {
  std::string config_toml;  // /provenance/config
  Layout layout;
  std::int64_t samples = 0;
  std::int64_t samples_per_block = 1;
  FilmPieces film = {};  // where it has several, a block is one film
  // The rows of samples [first, first + count) in every streamed array; of a piece of a film its
  // frames, and with the first the rows of all other arrays. Safe to call from several threads.
  std::function<Columns(std::int64_t first, std::int64_t count, std::int64_t piece)> make;

  std::int64_t blocks() const { return (samples + samples_per_block - 1) / samples_per_block; }
  std::int64_t block_size(std::int64_t block) const {
    const std::int64_t left = samples - block * samples_per_block;
    return left < samples_per_block ? left : samples_per_block;
  }
  // Pieces of blocks, counted through.
  std::int64_t pieces() const { return blocks() * film.count; }
  std::int64_t block_of(std::int64_t piece) const { return piece / film.count; }
  Columns make_piece(std::int64_t piece) const {
    const std::int64_t block = block_of(piece);
    return make(block * samples_per_block, block_size(block), piece % film.count);
  }
};

// The statement of a configuration that is generated, with starts from its seed.
Statement generated(const Config& config);

// The recipe of a configuration that make_config returned.
Recipe make_recipe(const Config& config);

}  // namespace noether::dataset
