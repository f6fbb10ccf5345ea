#pragma once

// Runs that end before their file is whole.

#include <atomic>
#include <catch2/catch.hpp>
#include <filesystem>
#include <string>

#include "base/error.h"
#include "dataset/make/generate.h"
#include "tests/support/file_bytes.h"
#include "tests/support/small_datasets.h"
#include "tests/support/temp_folder.h"

namespace noether::test {

namespace fs = std::filesystem;
using dataset::Outcome;
using dataset::Recipe;

// The recipe as it is when the user presses Ctrl-C in the middle of piece `stop`.
inline Recipe interrupted_at(Recipe recipe, std::int64_t stop) {
  recipe.make = [recipe, stop](std::int64_t first, std::int64_t count, std::int64_t piece) {
    if (first / recipe.samples_per_block * recipe.film.count + piece >= stop)
      throw base::Interrupted("interrupted");
    return recipe.make(first, count, piece);
  };
  return recipe;
}

// The same recipe, which counts the pieces that it makes.
inline Recipe counted(Recipe recipe, std::atomic<int>& made) {
  recipe.make = [&made, make = recipe.make](std::int64_t first, std::int64_t count,
                                            std::int64_t piece) {
    ++made;
    return make(first, count, piece);
  };
  return recipe;
}

inline void leave_unfinished(const Recipe& recipe, std::int64_t pieces, const fs::path& path) {
  REQUIRE_THROWS_AS(dataset::generate(interrupted_at(recipe, pieces), path, {.jobs = 2}),
                    base::Interrupted);
  REQUIRE_FALSE(fs::exists(path));
  REQUIRE(fs::exists(dataset::partial_path(path)));
}

inline std::string whole_bytes(const Recipe& recipe, const TempFolder& folder) {
  generate(recipe, folder / "whole.h5");
  return read_bytes(folder / "whole.h5");
}

// Springs whose chunks are large enough to lie in the file alone, not in its log.
inline Recipe long_springs() { return small_springs({{"steps", "150"}}); }

// what an attempt that should fail says
template <class E>
inline std::string refusal(const Recipe& recipe, const fs::path& path,
                           const dataset::GenerateOptions& options = {}) {
  return message_of<E>([&] { dataset::generate(recipe, path, options); });
}

inline const dataset::GenerateOptions resume{.jobs = 2, .resume = true};

}  // namespace noether::test
