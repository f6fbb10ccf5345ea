#include <fmt/format.h>

#include <memory>
#include <optional>

#include "base/error.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "dataset/make/catalogue.h"

namespace noether::cli {
namespace {

constexpr const char* description =
    "Examples:\n"
    "  noether generate pendulum --n 1000 --set noise_std=0.05 -o pendulum.h5\n"
    "  noether generate spring --frames 64 --set colors=drawn -o film.h5\n"
    "\n"
    "Generates a dataset. `noether list datasets` names them, `noether list NAME` their settings.\n"
    "Flags override the configuration file, which overrides the defaults.";

struct Arguments {
  std::string name;
  OutputOptions output;
  std::string config_file;
  std::vector<std::string> settings;
  std::optional<std::string> n, steps, seed, frames, render_size;
  bool dry_run = false;
};

dataset::Overrides overrides_of(const Arguments& arguments) {
  dataset::Overrides overrides;
  if (!arguments.config_file.empty()) {
    const auto config = dataset::read_toml_file(arguments.config_file);
    if (!config.dataset.empty() && config.dataset != arguments.name) {
      throw base::UsageError(fmt::format("'{}' configures '{}', not '{}'", arguments.config_file,
                                         config.dataset, arguments.name));
    }
    overrides = config.overrides;
  }
  const dataset::Overrides flags =
      with_flags(arguments.settings, {{"n", arguments.n},
                                      {"steps", arguments.steps},
                                      {"seed", arguments.seed},
                                      {"frames", arguments.frames},
                                      {"render_size", arguments.render_size}});
  // a flag that states dt takes the place of the file's t_end, and the other way round
  if (flags.contains("dt")) overrides.erase("t_end");
  if (flags.contains("t_end")) overrides.erase("dt");
  for (const auto& [key, text] : flags) overrides[key] = text;
  return overrides;
}

void print_plan(const dataset::Config& config, const dataset::Recipe& recipe, int jobs) {
  const auto cost = dataset::estimate(recipe, jobs);
  fmt::print("# {}\n{}\n", config.command_line(), config.to_toml());
  for (const auto& array : recipe.layout.arrays) {
    fmt::print("# {:<34} {:<8} {}\n", array.path, dataset::element_name(array.type),
               dataset::shape_text(array.shape));
  }
  fmt::print("# about {} and {:.1f} s\n", base::format_bytes(cost.bytes), cost.seconds);
}

void run(const Arguments& arguments) {
  const auto config = dataset::make_config(arguments.name, overrides_of(arguments));
  const auto recipe = dataset::make_recipe(config);
  if (arguments.dry_run) {
    print_plan(config, recipe, arguments.output.jobs);
  } else {
    run_generate(recipe, arguments.output);
  }
}

}  // namespace

void add_generate(const Command& program) {
  const Command command = program.add_command("generate", description);
  auto arguments = std::make_shared<Arguments>();
  command.add_option("NAME", arguments->name, "dataset").required();
  add_output(command, arguments->output);
  command.add_option("--n", arguments->n, "number of trajectories or episodes");
  command.add_option("--steps", arguments->steps, "points of a trajectory, steps of an episode");
  command.add_option("--seed", arguments->seed, "seed of every random number");
  command.add_option("--frames", arguments->frames,
                     "films a system that has a scene: height and width of frames, px");
  command.add_option("--render-size", arguments->render_size, "height and width of frames, px");
  add_set(command, arguments->settings);
  command.add_option("--config", arguments->config_file,
                     "TOML file of settings, as /provenance/config of a dataset");
  command.add_flag("--dry-run", arguments->dry_run,
                   "print configuration, shapes, bytes and time; write nothing");
  command.on_run([arguments] {
    if (!arguments->dry_run && arguments->output.path.empty())
      throw base::UsageError("generate: -o FILE is required");
    run(*arguments);
  });
}

}  // namespace noether::cli
