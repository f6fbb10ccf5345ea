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

struct Recipe {
  std::string config_toml;  // /provenance/config
  Layout layout;
  std::int64_t samples = 0;
  std::int64_t samples_per_block = 1;
  // The rows of samples [first, first + count) in every streamed array; safe to call from several
  // threads.
  std::function<Columns(std::int64_t first, std::int64_t count)> make;

  std::int64_t blocks() const { return (samples + samples_per_block - 1) / samples_per_block; }
  std::int64_t block_size(std::int64_t block) const {
    const std::int64_t left = samples - block * samples_per_block;
    return left < samples_per_block ? left : samples_per_block;
  }
  Columns make_block(std::int64_t block) const {
    return make(block * samples_per_block, block_size(block));
  }
};

// The statement of a configuration that is generated, with starts from its seed.
Statement generated(const Config& config);

// The recipe of a configuration that make_config returned.
Recipe make_recipe(const Config& config);

}  // namespace noether::dataset
