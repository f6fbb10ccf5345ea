#include "dataset/generate.h"

#include <fmt/format.h>

#include <chrono>
#include <optional>

#include "base/error.h"
#include "base/interrupt.h"
#include "base/parallel.h"
#include "base/text.h"
#include "dataset/config.h"
#include "dataset/dataset_file.h"
#include "dataset/provenance.h"
#include "dataset/spool.h"
#include "dataset/writer.h"

namespace noether::dataset {
namespace {

namespace fs = std::filesystem;

// the spool's header: what is made, and by which build, since another one may compute other bits
constexpr std::string_view build_mark = "# build ";

std::string spool_header(const Recipe& recipe) {
  return fmt::format("{}{}{}\n", recipe.config_toml, build_mark, build_json());
}

void check_same_work(const Recipe& recipe, const std::string& header, const fs::path& partial) {
  if (header == spool_header(recipe)) return;
  const auto differences = config_differences(header, recipe.config_toml);
  if (!differences.empty()) {
    throw base::UsageError(fmt::format(
        "'{}' was begun with another configuration ({}): repeat that command, or use --overwrite",
        partial.string(), base::join(differences)));
  }
  throw base::UsageError(fmt::format(
      "'{}' was begun by another build of this program: use --overwrite", partial.string()));
}

void check_folder(const fs::path& path) {
  const fs::path folder = path.has_parent_path() ? path.parent_path() : ".";
  if (!fs::exists(folder))
    throw base::DataError(fmt::format("the folder '{}' does not exist", folder.string()));
  if (!fs::is_directory(folder))
    throw base::DataError(fmt::format("'{}' is not a folder", folder.string()));
  if (fs::is_directory(path)) throw base::DataError(fmt::format("'{}' is a folder", path.string()));
}

// a finished file of the same configuration
bool is_complete(const Recipe& recipe, const fs::path& path) {
  const DatasetFile file(path);
  const auto config = file.h5().read_text("provenance/config");
  const auto build = file.h5().read_text("provenance/build");
  return config.front() == recipe.config_toml && build.front() == build_json();
}

Spool open_spool(const Recipe& recipe, const fs::path& path, const GenerateOptions& options,
                 Outcome& outcome) {
  const fs::path partial = partial_path(path);
  // a run that ended before it could say what it makes leaves an empty file
  const bool was_begun = fs::exists(partial) && !fs::is_empty(partial);
  if (was_begun && !options.overwrite) {
    if (!options.resume) {
      throw base::DataError(fmt::format(
          "'{}' was left by an unfinished run: --resume continues it, --overwrite starts anew",
          partial.string()));
    }
    Spool spool = Spool::resume(partial);
    check_same_work(recipe, spool.header(), partial);
    outcome = Outcome::resumed;
    return spool;
  }
  return Spool::create(partial, spool_header(recipe));
}

void fill(const Recipe& recipe, Spool& spool, const GenerateOptions& options) {
  const std::int64_t blocks = recipe.blocks();
  base::ordered_pipeline(
      spool.records(), blocks, base::thread_count(options.jobs),
      [&](std::int64_t block) { return encode_block(recipe.layout, recipe.make_block(block)); },
      [&](std::int64_t block, const Bytes& record) {
        base::check_interrupt();
        spool.append(record);
        if (options.on_progress) options.on_progress("generating", block + 1, blocks);
      });
}

// whether the same command would fail again in the same way, so that resuming it makes no sense
bool would_come_again(const base::Error& error) {
  return error.code() == base::ExitCode::numerical || error.code() == base::ExitCode::usage;
}

}  // namespace

fs::path partial_path(const fs::path& path) { return path.string() + ".partial"; }

Outcome generate(const Recipe& recipe, const fs::path& path, const GenerateOptions& options) {
  check_folder(path);
  if (fs::exists(path) && !options.overwrite) {
    if (!options.resume)
      throw base::DataError(fmt::format("'{}' exists: --overwrite replaces it", path.string()));
    if (!is_complete(recipe, path)) {
      throw base::UsageError(fmt::format(
          "'{}' is complete, but of another configuration or build: --overwrite replaces it",
          path.string()));
    }
    fs::remove(partial_path(path));  // a kill between the renaming and this line leaves it
    return Outcome::already_complete;
  }
  Outcome outcome = Outcome::generated;
  {
    Spool spool = open_spool(recipe, path, options, outcome);
    try {
      fill(recipe, spool, options);
    } catch (const base::Error& error) {
      if (would_come_again(error)) fs::remove(partial_path(path));
      throw;
    }
    write_dataset(recipe.layout, spool, path, [&](std::int64_t block) {
      if (options.on_progress) options.on_progress("writing", block, recipe.blocks());
    });
  }
  fs::remove(partial_path(path));
  return outcome;
}

Estimate estimate(const Recipe& recipe, int jobs) {
  const auto start = std::chrono::steady_clock::now();
  const Bytes record = encode_block(recipe.layout, recipe.make_block(0));
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const double blocks =
      static_cast<double>(recipe.samples) / static_cast<double>(recipe.block_size(0));
  double bytes = static_cast<double>(record.size()) * blocks;
  for (const auto& array : recipe.layout.arrays) bytes += static_cast<double>(array.content.size());
  const double threads =
      std::min(static_cast<double>(base::thread_count(jobs)), std::max(blocks, 1.0));
  return {.bytes = bytes, .seconds = seconds * blocks / threads};
}

}  // namespace noether::dataset
