#include <fmt/format.h>

#include <memory>
#include <optional>

#include "cli/commands.h"
#include "cli/options.h"
#include "dataset/make/rollout.h"

namespace noether::cli {
namespace {

constexpr const char* description =
    "Examples:\n"
    "  noether rollout pendulum --input starts.h5 -o out.h5\n"
    "  noether rollout pixel-pendulum --input starts.h5 -o out.h5\n"
    "\n"
    "Integrates given starts. The input is an HDF5 file with `initial_state` (N, D) and `time` "
    "(T), both\n"
    "float64; for pixel-pendulum with `initial_state` (E, 2) float64 and `actions` (E, T, 1) "
    "float32.";

struct Arguments {
  std::string system;
  OutputOptions output;
  std::vector<std::string> settings;
  std::optional<std::string> render_size;
};

}  // namespace

void add_rollout(const Command& program) {
  const Command command = program.add_command("rollout", description);
  auto arguments = std::make_shared<Arguments>();
  command.add_option("SYSTEM", arguments->system, "dataset whose equations are integrated")
      .required();
  command.add_option("--input", arguments->output.input, "HDF5 file of starts").required();
  add_output(command, arguments->output).required();
  add_set(command, arguments->settings);
  command.add_option("--render-size", arguments->render_size, "height and width of frames, px");
  command.on_run([arguments] {
    auto overrides = parse_set(arguments->settings);
    if (arguments->render_size) overrides["render_size"] = *arguments->render_size;
    run_generate(dataset::rollout_recipe(arguments->system, arguments->output.input, overrides),
                 arguments->output);
  });
}

}  // namespace noether::cli
