#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <memory>

#include "base/error.h"
#include "base/output_file.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "dataset/make/kind.h"
#include "dataset/store/dataset_file.h"
#include "render/image.h"

namespace noether::cli {
namespace {

constexpr const char* description =
    "Examples:\n"
    "  noether render pendulum.h5 -o pendulum.png\n"
    "  noether render pixel-pendulum.h5 --episode 3 -o episode.webp\n"
    "\n"
    "Draws a dataset: the phase portrait and invariants of a trajectory file (.png), the film "
    "strip (.png)\n"
    "or animation (.webp) of an episode.";

struct Arguments {
  std::string file;
  std::string output;
  std::int64_t episode = 0;
  bool overwrite = false;
};

void run(const Arguments& arguments) {
  const std::filesystem::path output = arguments.output;
  base::check_output_name(output);
  std::string format = output.extension();
  std::ranges::transform(format, format.begin(), [](unsigned char c) { return std::tolower(c); });
  if (format != ".png" && format != ".webp") {
    throw base::UsageError(
        fmt::format("'{}': the output must end in .png or .webp", arguments.output));
  }
  const base::OutputRules rules{arguments.overwrite, arguments.file};
  base::check_output_file(output, rules.overwrite, rules.input);
  const dataset::DatasetFile file(arguments.file);
  const dataset::Kind& kind = dataset::kind_of(file);
  if (format == ".webp") {
    if (kind.animation == nullptr)
      throw base::UsageError(fmt::format("a {} file has no frames", kind.sample));
    const auto frames = kind.animation(file, arguments.episode);
    // no screen shows more
    const double rate = std::min(1 / file.number("dt"), 100.0);
    base::write_locked(output, rules,
                       [&](const auto& path) { render::write_webp(frames, rate, path); });
  } else {
    const auto image = kind.image(file, arguments.episode);
    base::write_locked(output, rules, [&](const auto& path) { render::write_png(image, path); });
  }
  const auto bytes = static_cast<double>(std::filesystem::file_size(output));
  fmt::print("{}: written, {}\n", arguments.output, base::format_bytes(bytes));
}

}  // namespace

void add_render(const Command& program) {
  const Command command = program.add_command("render", description);
  auto arguments = std::make_shared<Arguments>();
  command.add_option("FILE", arguments->file, "dataset").required();
  command.add_option("-o,--output", arguments->output, "OUT.png or OUT.webp").required();
  command.add_option("--episode", arguments->episode, "which episode, from 0");
  command.add_flag("--overwrite", arguments->overwrite, "replace the picture if it exists");
  command.on_run([arguments] { run(*arguments); });
}

}  // namespace noether::cli
