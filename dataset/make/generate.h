#pragma once

// Runs a recipe to the end, however often it is killed on the way.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>

#include "dataset/make/recipe.h"
#include "dataset/store/dataset_file.h"
#include "dataset/store/unfinished.h"

namespace noether::dataset {

struct GenerateOptions {
  int jobs = 0;            // threads; 0: one per processor. Never changes a byte
  bool overwrite = false;  // replace the file and, unless `resume`, what an earlier run left
  bool resume = false;     // continue what an earlier run left
  bool waits = false;      // where another process makes the file, wait; else that is an error
  std::filesystem::path input = {};  // a file that is being read, never to be replaced
  // told how many of `total` pieces are done, where a run is resumed first in "reading what was
  // made", then in "generating"
  std::function<void(const char* phase, std::int64_t done, std::int64_t total)> on_progress = {};
};

enum class Outcome { generated, resumed, already_complete };

// Makes the file at `path`. Until it is whole, finished blocks are kept beside it
// (store/unfinished.h); `resume` continues them to the same bytes. Throws DataError where `path`
// exists, its folder does not, another process makes it, something unfinished lies there and
// neither flag is given, the disk is full (what was finished is kept); UsageError where the
// unfinished work has another configuration; Interrupted.
Outcome generate(const Recipe& recipe, const std::filesystem::path& path,
                 const GenerateOptions& options);

// The same dataset in memory, made by this thread alone: nothing is written to the disk. `name`
// stands in errors. Throws NumericalError and Interrupted as generate.
DatasetFile generate_in_memory(const Recipe& recipe, const std::string& name);

// The samples that cannot be made, by their index, and why: each is tried by itself.
std::map<std::int64_t, std::string> bad_samples(const Recipe& recipe);

// What generating would cost, from making one block and throwing it away.
struct Estimate {
  double bytes = 0;    // of the file
  double seconds = 0;  // with options.jobs threads
};
Estimate estimate(const Recipe& recipe, int jobs);

}  // namespace noether::dataset
