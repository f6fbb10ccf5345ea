#include <fmt/format.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/warning.h"
#include "dataset/exchange/validate.h"
#include "dataset/make/generate.h"
#include "dataset/make/rollout.h"

namespace noether::cli {
namespace {

constexpr const char* description =
    "Examples:\n"
    "  noether rollout pendulum --input starts.h5 -o out.h5\n"
    "  noether rollout spring --input spring.h5 --frames 64 -o film.h5\n"
    "  noether rollout pixel-pendulum --input starts.h5 -o out.h5\n"
    "\n"
    "Integrates given starts. The input is an HDF5 file with `initial_state` (N, D) and `time` "
    "(T), both\n"
    "float64, or a dataset of trajectories or films; for pixel-pendulum with `initial_state` (E, "
    "2) "
    "float64\n"
    "and `actions` (E, T, 1) float32.\n"
    "A start that cannot be integrated is named and left out (exit code 4). An invariant that is "
    "kept "
    "less well\n"
    "than in the system's own dataset is named.";

struct Arguments {
  std::string system;
  OutputOptions output;
  std::vector<std::string> settings;
  std::optional<std::string> frames, render_size;
};

// Says where an invariant is kept less well than the system's own data keep it.
void check_bars(const std::string& path) {
  const auto check = dataset::check_invariants(dataset::DatasetFile(path));
  for (const std::string& violation : check.violations)
    warn(fmt::format("'{}': {}", path, violation));
}

// Starts that cannot be integrated are left out; then the rest is written, and the error says so.
void run(const Arguments& arguments, const dataset::Overrides& overrides) {
  const auto recipe_without = [&](const std::map<std::int64_t, std::string>& left_out) {
    return dataset::rollout_recipe(arguments.system, arguments.output.input, overrides, left_out);
  };
  const dataset::Recipe recipe = recipe_without({});
  std::map<std::int64_t, std::string> bad;
  try {
    run_generate(recipe, arguments.output);
  } catch (const base::NumericalError&) {
    bad = bad_samples(recipe);
    if (bad.empty() || std::ssize(bad) == recipe.samples) throw;
    run_generate(recipe_without(bad), arguments.output);
  }
  check_bars(arguments.output.path);
  if (bad.empty()) return;
  std::vector<std::string> numbers;
  for (const auto& [start, reason] : bad) numbers.push_back(std::to_string(start));
  throw base::NumericalError(fmt::format("'{}' is written without start{} {} of {} (from 0): {}",
                                         arguments.output.path, bad.size() == 1 ? "" : "s",
                                         base::join(numbers), recipe.samples, bad.begin()->second));
}

}  // namespace

void add_rollout(const Command& program) {
  const Command command = program.add_command("rollout", description);
  auto arguments = std::make_shared<Arguments>();
  command.add_option("SYSTEM", arguments->system, "dataset whose equations are integrated")
      .required();
  command.add_option("--input", arguments->output.input, "HDF5 file of starts").required();
  add_output(command, arguments->output).required();
  add_set(command, arguments->settings);
  command.add_option("--frames", arguments->frames,
                     "films a system that has a scene: height and width of frames, px");
  command.add_option("--render-size", arguments->render_size, "height and width of frames, px");
  command.on_run([arguments] {
    run(*arguments, with_flags(arguments->settings, {{"frames", arguments->frames},
                                                     {"render_size", arguments->render_size}}));
  });
}

}  // namespace noether::cli
