#include "dataset/make/generate.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>
#include <optional>
#include <utility>

#include "base/error.h"
#include "base/file_lock.h"
#include "base/interrupt.h"
#include "base/output_file.h"
#include "base/parallel.h"
#include "base/text.h"
#include "dataset/make/config.h"
#include "dataset/make/provenance.h"
#include "dataset/store/unfinished.h"
#include "dataset/store/writer.h"

namespace noether::dataset {
namespace {

namespace fs = std::filesystem;

// the header of the log: what is made, and by which build, since another one may compute other bits
constexpr std::string_view build_mark = "# build ";

std::string log_header(const Recipe& recipe) {
  return fmt::format("{}{}{}\n", recipe.config_toml, build_mark, build_json());
}

// `header`: nothing where another build wrote it in a form of its own
void check_same_work(const Recipe& recipe, const std::optional<std::string>& header,
                     const fs::path& partial) {
  if (header == log_header(recipe)) return;
  const auto differences =
      header ? config_differences(*header, recipe.config_toml) : std::vector<std::string>{};
  if (!differences.empty()) {
    throw base::UsageError(fmt::format(
        "'{}' was begun with another configuration ({}): repeat that command, or use --overwrite",
        partial.string(), base::join(differences)));
  }
  throw base::UsageError(fmt::format(
      "'{}' was begun by another build of this program: use --overwrite", partial.string()));
}

// a finished file of the same configuration
bool is_complete(const Recipe& recipe, const fs::path& path) {
  const DatasetFile file(path);
  const auto config = file.h5().read_text("provenance/config");
  const auto build = file.h5().read_text("provenance/build");
  return config.front() == recipe.config_toml && build.front() == build_json();
}

// whether the file is there; throws where it may not be made
bool is_done(const Recipe& recipe, const fs::path& path, const GenerateOptions& options) {
  base::check_output_file(path, options.overwrite || options.resume, options.input);
  if (!fs::exists(path) || options.overwrite) return false;
  if (is_complete(recipe, path)) return true;
  throw base::UsageError(fmt::format(
      "'{}' is complete, but of another configuration or build: --overwrite replaces it",
      path.string()));
}

// a kill between the renaming of the file and the removal of its log leaves both
void remove_own_log(const Recipe& recipe, const fs::path& path) {
  if (Unfinished::exists(path) && Unfinished::header_of(path) == log_header(recipe))
    Unfinished::remove(path);
}

// whether to continue what an earlier run left; throws where that may not be, or must be said
bool is_to_resume(const Recipe& recipe, const fs::path& path, const GenerateOptions& options) {
  if (!Unfinished::exists(path) || (options.overwrite && !options.resume)) return false;
  const fs::path partial = partial_path(path);
  if (!options.resume) {
    throw base::DataError(fmt::format(
        "'{}' was left by an unfinished run: --resume continues it, --overwrite starts anew",
        partial.string()));
  }
  check_same_work(recipe, Unfinished::header_of(path), partial);
  return true;
}

template <class T>
bool all_finite(const Bytes& bytes) {
  for (std::size_t at = 0; at < bytes.size(); at += sizeof(T)) {
    T value{};
    std::memcpy(&value, bytes.data() + at, sizeof value);
    if (!std::isfinite(value)) return false;
  }
  return true;
}

// what validate would refuse is not written in the first place
void check_finite(const Recipe& recipe, std::int64_t first, std::int64_t count,
                  const Columns& columns) {
  std::size_t k = 0;
  for (const auto& array : recipe.layout.arrays) {
    if (!array.streamed) continue;
    const Bytes& bytes = columns.at(k++);
    const bool finite = array.type == ElementType::f8   ? all_finite<double>(bytes)
                        : array.type == ElementType::f4 ? all_finite<float>(bytes)
                                                        : true;
    if (finite) continue;
    throw base::NumericalError(fmt::format("'{}' is not finite in samples {} to {}", array.path,
                                           first, first + count - 1));
  }
}

Block make_block(const Recipe& recipe, std::int64_t piece) {
  Columns columns = recipe.make_piece(piece);
  const std::int64_t block = recipe.block_of(piece);
  check_finite(recipe, block * recipe.samples_per_block, recipe.block_size(block), columns);
  return encode_block(recipe.layout, std::move(columns));
}

// Hands over the pieces that the earlier run made, then makes the others. What the log says is in
// the file.
void all_blocks(const Recipe& recipe, Unfinished& work, const GenerateOptions& options,
                const TakeBlock& take) {
  const std::int64_t pieces = recipe.pieces();
  const auto add = [&](const char* what, std::int64_t piece, const Block& block) {
    work.add(block, take(block));
    if (options.on_progress) options.on_progress(what, piece + 1, pieces);
  };
  std::int64_t begun = 0;
  for (; begun < work.old_blocks(); ++begun) {
    const auto block = work.old_block(begun);
    if (!block) break;
    add("reading what was made", begun, *block);
  }
  work.forget_old();
  base::ordered_pipeline(
      begun, pieces, base::thread_count(options.jobs),
      [&](std::int64_t piece) { return make_block(recipe, piece); },
      [&](std::int64_t piece, const Block& block) { add("generating", piece, block); });
  work.end_of_blocks();
}

void make_file(const Recipe& recipe, Unfinished& work, const GenerateOptions& options) {
  write_sealed(
      recipe.layout, [&](const TakeBlock& take) { all_blocks(recipe, work, options, take); },
      work.file());
  work.finish();
}

// whether the same command would fail again in the same way, so that resuming it makes no sense
bool would_come_again(const base::Error& error) {
  return error.code() == base::ExitCode::numerical || error.code() == base::ExitCode::usage;
}

}  // namespace

Outcome generate(const Recipe& recipe, const fs::path& path, const GenerateOptions& options) {
  // where nothing is to be written, not even a lock, which the folder may not allow
  if (is_done(recipe, path, options) && !Unfinished::exists(path)) return Outcome::already_complete;
  const base::FileLock lock =
      options.waits ? base::FileLock::wait_for_output(path) : base::FileLock::of_output(path);
  // once more: until now, another process may have come to its end
  if (is_done(recipe, path, options)) {
    remove_own_log(recipe, path);
    return Outcome::already_complete;
  }
  const bool resumes = is_to_resume(recipe, path, options);
  try {
    Unfinished work =
        resumes ? Unfinished::resume(path) : Unfinished::begin(path, log_header(recipe));
    make_file(recipe, work, options);
  } catch (const base::Error& error) {
    if (would_come_again(error)) Unfinished::remove(path);
    throw;
  }
  return resumes ? Outcome::resumed : Outcome::generated;
}

std::map<std::int64_t, std::string> bad_samples(const Recipe& recipe) {
  std::map<std::int64_t, std::string> bad;
  for (std::int64_t i = 0; i < recipe.samples; ++i) {
    base::check_interrupt();
    try {
      check_finite(recipe, i, 1, recipe.make(i, 1, 0));  // all states are in the first piece
    } catch (const base::NumericalError& error) {
      bad[i] = error.what();
    }
  }
  return bad;
}

DatasetFile generate_in_memory(const Recipe& recipe, const std::string& name) {
  std::vector<Block> blocks;
  for (std::int64_t piece = 0; piece < recipe.pieces(); ++piece) {
    base::check_interrupt();
    blocks.push_back(make_block(recipe, piece));
  }
  return DatasetFile(write_in_memory(recipe.layout, blocks, name));
}

Estimate estimate(const Recipe& recipe, int jobs) {
  const auto start = std::chrono::steady_clock::now();
  double bytes = 0;
  for (std::int64_t piece = 0; piece < recipe.film.count; ++piece) {
    for (const auto& rows : encode_block(recipe.layout, recipe.make_piece(piece)))
      bytes += static_cast<double>(rows.bytes.size());
  }
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const double blocks =
      static_cast<double>(recipe.samples) / static_cast<double>(recipe.block_size(0));
  bytes *= blocks;
  for (const auto& array : recipe.layout.arrays) bytes += static_cast<double>(array.content.size());
  const double threads =
      std::min<double>(base::thread_count(jobs), static_cast<double>(recipe.pieces()));
  return {.bytes = bytes, .seconds = seconds * blocks / threads};
}

}  // namespace noether::dataset
