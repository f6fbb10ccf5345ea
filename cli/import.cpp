#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "base/text.h"
#include "cli/commands.h"
#include "dataset/exchange/import_lipson.h"

namespace noether::cli {
namespace {

constexpr const char* description =
    "Example:\n"
    "  noether import lipson real_pend_h_1.txt -o real-pendulum.h5\n"
    "\n"
    "Makes a dataset from a file of another format.";

constexpr const char* lipson_description =
    "Example:\n"
    "  noether import lipson real_pend_h_1.txt -o real-pendulum.h5\n"
    "\n"
    "Reads measured trajectories in the columns of Schmidt and Lipson (2009): a header '% names', "
    "then lines of\n"
    "trial, t and the values. Derivatives are forward differences over the real dt. The first 80 % "
    "train, the\n"
    "last 20 % test: of the trials, or of the points in time where there is one trial.";

struct Arguments {
  std::string input;
  std::string output;
  bool overwrite = false;
};

void run(const Arguments& arguments) {
  const auto record =
      dataset::import_lipson(arguments.input, arguments.output, arguments.overwrite);
  fmt::print("{}: written, {} trial{} of {} points: {}\n", arguments.output, record.trials,
             record.trials == 1 ? "" : "s", record.times.size(), base::join(record.names));
}

}  // namespace

void add_import(const Command& program) {
  const Command command = program.add_command("import", description);
  command.require_command();
  const Command lipson = command.add_command("lipson", lipson_description);
  auto arguments = std::make_shared<Arguments>();
  lipson.add_option("IN", arguments->input, "text file").required();
  lipson.add_option("-o,--output", arguments->output, "file to write").required();
  lipson.add_flag("--overwrite", arguments->overwrite, "replace the file if it exists");
  lipson.on_run([arguments] { run(*arguments); });
}

}  // namespace noether::cli
