#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "dataset/make/config.h"

namespace noether::bench {

// A dataset generated for one run of a table, gone when this is, with all that was half made of it.
class GeneratedFile {
 public:
  // With the defaults of the dataset `name` but for these and the seed; throws UsageError and
  // DataError as `noether generate` does.
  GeneratedFile(const std::string& name, dataset::Overrides overrides, std::uint64_t seed);
  ~GeneratedFile();
  GeneratedFile(const GeneratedFile&) = delete;
  GeneratedFile& operator=(const GeneratedFile&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  void remove() const;

  std::filesystem::path path_;
};

}  // namespace noether::bench
