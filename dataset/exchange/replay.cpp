#include "dataset/exchange/replay.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <set>
#include <variant>

#include "base/error.h"
#include "base/interrupt.h"
#include "base/parallel.h"
#include "dataset/make/config.h"
#include "dataset/make/rollout.h"
#include "dataset/store/dataset_file.h"
#include "dataset/store/schema.h"

namespace noether::dataset {
namespace {

// wider than rounding differences between math libraries, narrower than any real change
constexpr double tolerance = 1e-9;

template <class T>
bool close(const std::byte* a, const std::byte* b) {
  T x{};
  T y{};
  std::memcpy(&x, a, sizeof x);
  std::memcpy(&y, b, sizeof y);
  return std::abs(static_cast<double>(x) - static_cast<double>(y)) <=
         tolerance * (1 + std::abs(static_cast<double>(y)));
}

// the index of the first element that differs, or -1
std::int64_t first_difference(ElementType type, const Bytes& stored, const Bytes& made) {
  if (stored.size() != made.size()) return 0;
  const std::size_t size = element_bytes(type);
  for (std::size_t at = 0; at < made.size(); at += size) {
    const std::byte* a = stored.data() + at;
    const std::byte* b = made.data() + at;
    if (std::memcmp(a, b, size) == 0) continue;
    if (type == ElementType::f8 && close<double>(a, b)) continue;
    if (type == ElementType::f4 && close<float>(a, b)) continue;
    return static_cast<std::int64_t>(at / size);
  }
  return -1;
}

// whole blocks, from the first to the last
std::vector<std::int64_t> pieces_to_replay(const Recipe& recipe, std::int64_t samples) {
  const std::int64_t blocks = recipe.blocks();
  const std::int64_t wanted = samples < 0 ? blocks : std::min(blocks, samples);
  std::set<std::int64_t> chosen;
  for (std::int64_t k = 0; k < wanted; ++k)
    chosen.insert(wanted == 1 ? 0 : k * (blocks - 1) / (wanted - 1));
  std::vector<std::int64_t> pieces;
  for (const std::int64_t block : chosen) {
    for (std::int64_t k = 0; k < recipe.film.count; ++k)
      pieces.push_back(block * recipe.film.count + k);
  }
  return pieces;
}

// arrays that are held whole: splits, seeds, times, policies
void compare_fixed(const DatasetFile& file, const Recipe& recipe,
                   std::vector<std::string>& violations) {
  for (const auto& array : recipe.layout.arrays) {
    if (array.streamed || array.path.starts_with("provenance/")) continue;
    if (!file.h5().contains(array.path)) {
      violations.push_back(fmt::format("'{}' is missing", array.path));
      continue;
    }
    const H5Array stored = file.h5().describe(array.path);
    bool same = stored.type == array.type && stored.shape == array.shape;
    if (same && array.type == ElementType::text) {
      same = file.h5().read_text(array.path) == array.text;
    } else if (same) {
      same = first_difference(array.type, file.h5().read_rows(array.path, 0, array.shape[0]),
                              array.content) < 0;
    }
    if (!same)
      violations.push_back(fmt::format("'{}' is not what the configuration gives", array.path));
  }
}

// Numbers that the root states, and the configuration with the digest of what was given. Texts may
// be worded anew from one version to the next.
void compare_statements(const DatasetFile& file, const Recipe& recipe,
                        std::vector<std::string>& violations) {
  for (const auto& [name, value] : recipe.layout.attributes) {
    const bool is_number = std::holds_alternative<double>(value) ||
                           std::holds_alternative<std::int64_t>(value) ||
                           std::holds_alternative<std::uint64_t>(value);
    if (is_number && file.h5().attribute("", name) != value)
      violations.push_back(
          fmt::format("the attribute '{}' is not what the configuration gives", name));
  }
  // a setting that the file does not state is younger than the file, which has its default
  const Overrides made = parse_toml(recipe.config_toml, "configuration").overrides;
  const auto config = file.h5().read_text("provenance/config");
  for (const auto& [key, stated] : parse_toml(config.front(), "provenance/config").overrides) {
    const auto found = made.find(key);
    const std::string value = found == made.end() ? "not set" : found->second;
    if (value == stated) continue;
    violations.push_back(fmt::format(
        "'provenance/config' does not fit the arrays: {}: {} there, {} here", key, stated, value));
  }
}

// What the file has where `piece` of a recipe goes, and the index of its first element in its row.
struct Stored {
  Bytes bytes;
  std::int64_t offset = 0;
};

Stored stored_piece(const DatasetFile& file, const Recipe& recipe, const Array& array,
                    std::int64_t piece) {
  const std::int64_t block = recipe.block_of(piece), first = block * recipe.samples_per_block;
  if (!array.compressed) return {file.h5().read_rows(array.path, first, recipe.block_size(block))};
  const std::int64_t frame = piece % recipe.film.count * recipe.film.frames;
  const std::int64_t frames = std::min(recipe.film.frames, array.shape[1] - frame);
  return {file.h5().read_part(array.path, first, frame, frames),
          frame * element_count(std::span(array.shape).subspan(2))};
}

void compare_piece(const DatasetFile& file, const Recipe& recipe, std::int64_t piece,
                   const Columns& columns, std::vector<std::string>& violations) {
  const std::int64_t first = recipe.block_of(piece) * recipe.samples_per_block;
  std::size_t k = 0;
  for (const auto& array : recipe.layout.arrays) {
    if (!array.streamed) continue;
    const Bytes& made = columns.at(k++);
    if (made.empty() && piece % recipe.film.count > 0) continue;  // all came with the first frames
    const auto [stored, offset] = stored_piece(file, recipe, array, piece);
    const std::int64_t difference = first_difference(array.type, stored, made);
    if (difference < 0) continue;
    const std::int64_t row = element_count(std::span(array.shape).subspan(1));
    const std::int64_t at = offset + difference;
    violations.push_back(fmt::format("'{}', sample {}: element {} differs from the replay",
                                     array.path, first + at / row, at % row));
  }
}

}  // namespace

Check replay_check(const DatasetFile& file, const ValidateOptions& options) {
  Check check{.name = "replay", .what = "", .violations = {}};
  if (options.replay == 0) {
    check.what = "skipped";
    return check;
  }
  if (file.text("system") == imported_system) {
    check.what = "skipped: imported, not generated";
    return check;
  }
  try {
    const Recipe recipe = recipe_of_file(file);
    if (recipe.samples != file.samples()) {
      check.violations.push_back(fmt::format(
          "the configuration gives {} samples, the file holds {}", recipe.samples, file.samples()));
      return check;
    }
    compare_statements(file, recipe, check.violations);
    compare_fixed(file, recipe, check.violations);
    const auto pieces = pieces_to_replay(recipe, options.replay);
    const auto total = std::ssize(pieces);
    std::int64_t samples = 0;
    base::ordered_pipeline(
        0, total, base::thread_count(options.jobs),
        [&](std::int64_t i) { return recipe.make_piece(pieces[static_cast<std::size_t>(i)]); },
        [&](std::int64_t i, const Columns& columns) {
          base::check_interrupt();
          const std::int64_t piece = pieces[static_cast<std::size_t>(i)];
          compare_piece(file, recipe, piece, columns, check.violations);
          if (piece % recipe.film.count == 0) samples += recipe.block_size(recipe.block_of(piece));
          if (options.on_progress) options.on_progress(i + 1, total);
        });
    check.what = fmt::format("{} of {} samples made anew", samples, file.samples());
  } catch (const base::Interrupted&) {
    throw;
  } catch (const base::Error& error) {
    check.violations.emplace_back(error.what());
  }
  return check;
}

}  // namespace noether::dataset
