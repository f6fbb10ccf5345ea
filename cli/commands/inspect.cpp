#include <fmt/format.h>

#include <memory>

#include "cli/commands.h"
#include "cli/options.h"
#include "dataset/exchange/inspect.h"

namespace noether::cli {
namespace {

constexpr const char* description =
    "Example:\n"
    "  noether inspect pendulum.h5 --json\n"
    "\n"
    "Shows what an HDF5 file holds: provenance, arrays with units and shapes, statistics.";

struct Arguments {
  std::string file;
  bool json = false;
  bool no_statistics = false;
};

}  // namespace

void add_inspect(const Command& program) {
  const Command command = program.add_command("inspect", description);
  auto arguments = std::make_shared<Arguments>();
  command.add_option("FILE", arguments->file, "HDF5 file").required();
  command.add_flag("--no-statistics", arguments->no_statistics, "do not read the numbers");
  add_json(command, arguments->json);
  command.on_run([arguments] {
    const auto summary = dataset::inspect(arguments->file, !arguments->no_statistics);
    fmt::print("{}\n",
               arguments->json ? dataset::inspect_json(summary) : dataset::inspect_text(summary));
  });
}

}  // namespace noether::cli
