#include "dataset/make/generate.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>
#include <optional>

#include "base/error.h"
#include "base/file_lock.h"
#include "base/interrupt.h"
#include "base/output_file.h"
#include "base/parallel.h"
#include "base/text.h"
#include "dataset/make/config.h"
#include "dataset/make/provenance.h"
#include "dataset/store/spool.h"
#include "dataset/store/writer.h"

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

// a run that ended before it could say what it makes leaves an empty file
bool was_begun(const fs::path& partial) { return fs::exists(partial) && !fs::is_empty(partial); }

// a kill between the renaming of the file and the removal of its log leaves both
void remove_own_partial(const Recipe& recipe, const fs::path& partial) {
  if (!was_begun(partial)) return;
  const Spool left = Spool::resume(partial);
  if (left.header() == spool_header(recipe)) fs::remove(partial);
}

Spool open_spool(const Recipe& recipe, const fs::path& path, const GenerateOptions& options,
                 Outcome& outcome) {
  const fs::path partial = partial_path(path);
  if (was_begun(partial) && (options.resume || !options.overwrite)) {
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

Bytes make_record(const Recipe& recipe, std::int64_t piece) {
  const Columns columns = recipe.make_piece(piece);
  const std::int64_t block = recipe.block_of(piece);
  check_finite(recipe, block * recipe.samples_per_block, recipe.block_size(block), columns);
  return encode_block(recipe.layout, columns);
}

// Hands over the pieces that the spool has, then makes the others. The log comes first: what is in
// the file is in the log too.
void all_records(const Recipe& recipe, Spool& spool, const GenerateOptions& options,
                 const TakeRecord& take) {
  const std::int64_t begun = spool.records(), pieces = recipe.pieces();
  const auto report = [&](const char* what, std::int64_t done) {
    if (options.on_progress) options.on_progress(what, done, pieces);
  };
  for (std::int64_t piece = 0; piece < begun; ++piece) {
    take(spool.read(piece));
    report("reading what was made", piece + 1);
  }
  base::ordered_pipeline(
      begun, pieces, base::thread_count(options.jobs),
      [&](std::int64_t piece) { return make_record(recipe, piece); },
      [&](std::int64_t piece, const Bytes& record) {
        spool.append(record);
        take(record);
        report("generating", piece + 1);
      });
}

// whether the same command would fail again in the same way, so that resuming it makes no sense
bool would_come_again(const base::Error& error) {
  return error.code() == base::ExitCode::numerical || error.code() == base::ExitCode::usage;
}

}  // namespace

fs::path partial_path(const fs::path& path) { return path.string() + ".partial"; }

Outcome generate(const Recipe& recipe, const fs::path& path, const GenerateOptions& options) {
  // where nothing is to be written, not even a lock, which the folder may not allow
  if (is_done(recipe, path, options) && !was_begun(partial_path(path)))
    return Outcome::already_complete;
  const base::FileLock lock =
      options.waits ? base::FileLock::wait_for_output(path) : base::FileLock::of_output(path);
  // once more: until now, another process may have come to its end
  if (is_done(recipe, path, options)) {
    remove_own_partial(recipe, partial_path(path));
    return Outcome::already_complete;
  }
  Outcome outcome = Outcome::generated;
  {
    Spool spool = open_spool(recipe, path, options, outcome);
    try {
      write_dataset(
          recipe.layout, [&](const TakeRecord& take) { all_records(recipe, spool, options, take); },
          path);
    } catch (const base::Error& error) {
      if (would_come_again(error)) fs::remove(partial_path(path));
      throw;
    }
    fs::remove(partial_path(path));  // while the spool is locked, so that it is ours
  }
  return outcome;
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
  std::vector<Bytes> records;
  for (std::int64_t piece = 0; piece < recipe.pieces(); ++piece) {
    base::check_interrupt();
    records.push_back(make_record(recipe, piece));
  }
  return DatasetFile(write_in_memory(recipe.layout, records, name));
}

Estimate estimate(const Recipe& recipe, int jobs) {
  const auto start = std::chrono::steady_clock::now();
  double bytes = 0;
  for (std::int64_t piece = 0; piece < recipe.film.count; ++piece)
    bytes += static_cast<double>(encode_block(recipe.layout, recipe.make_piece(piece)).size());
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
