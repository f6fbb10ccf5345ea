#include "bench/data/generated_file.h"

#include <fmt/format.h>
#include <unistd.h>

#include <atomic>

#include "dataset/make/catalogue.h"
#include "dataset/make/generate.h"

namespace noether::bench {
namespace {

// of this process, in all its threads; two runs may differ in no more than their noise
std::filesystem::path new_path(const std::string& name) {
  static std::atomic<int> made = 0;
  return std::filesystem::temp_directory_path() /
         fmt::format("noether-{}-{}-{}.h5", getpid(), name, made++);
}

}  // namespace

GeneratedFile::GeneratedFile(const std::string& name, dataset::Overrides overrides,
                             std::uint64_t seed)
    : path_(new_path(name)) {
  overrides["seed"] = std::to_string(seed);
  try {
    dataset::generate(dataset::make_recipe(dataset::make_config(name, overrides)), path_,
                      {.jobs = 1, .overwrite = true});
  } catch (...) {
    remove();
    throw;
  }
}

GeneratedFile::~GeneratedFile() { remove(); }

void GeneratedFile::remove() const {
  std::error_code ignored;
  std::filesystem::remove(path_, ignored);
  // nobody will continue what was interrupted or found no space
  std::filesystem::remove(dataset::partial_path(path_), ignored);
}

}  // namespace noether::bench
