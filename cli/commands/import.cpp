#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/text.h"
#include "base/text_file.h"
#include "cli/commands.h"
#include "cli/commands/import_trials.h"
#include "cli/options.h"
#include "dataset/exchange/array_trials.h"
#include "dataset/exchange/csv_trials.h"
#include "dataset/exchange/import_lipson.h"
#include "dataset/recording/columns.h"

namespace noether::cli {
namespace {

constexpr const char* description =
    "Examples:\n"
    "  noether import csv measured.csv -o measured.h5\n"
    "  noether import npz arrays.npz -o measured.h5 --state x --time t\n"
    "  noether import minari pendulum-v0 -o measured.h5 --dt 0.05\n"
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

// What all other formats have in common.
constexpr const char* derivatives_and_splits =
    "Derivatives that are not given are estimated: by a smoothing spline where noise is seen, else "
    "by polynomials.\n"
    "The first 80 % of the trials train, the rest test; of one trial the points in time.";

constexpr const char* csv_description =
    "Examples:\n"
    "  noether import csv measured.csv -o measured.h5\n"
    "  noether import csv measured.csv -o measured.h5 --time seconds --only angle,rate --units "
    "angle=deg,rate=1/s --angles angle\n"
    "\n"
    "Reads a table of text: a header of names, then a point a line. Columns t (or time) and trial "
    "are found by name;\n"
    "dX_dt is the derivative of X, X_obs what was observed of it.\n";

constexpr const char* npz_description =
    "Examples:\n"
    "  noether import npz arrays.npz -o measured.h5 --state x --time t --derivative dx --names "
    "q,p\n"
    "  noether import npz x.npy -o measured.h5 --dt 0.01\n"
    "\n"
    "Reads arrays that NumPy saved: states (trials, times, coordinates), or (times, coordinates) "
    "of "
    "one trial.\n";

constexpr const char* hdf5_description =
    "Example:\n"
    "  noether import hdf5 arrays.h5 -o measured.h5 --state /x --time /t --derivative /dx --names "
    "q,p\n"
    "\n"
    "Reads plain arrays of numbers: states (trials, times, coordinates), or (times, coordinates) "
    "of "
    "one trial.\n";

constexpr const char* minari_description =
    "Example:\n"
    "  noether import minari pendulum-v0 -o measured.h5 --dt 0.05 --names q,p\n"
    "\n"
    "Reads a dataset of Minari: the observations of each episode, of any length, are a trial. "
    "Actions "
    "and rewards\n"
    "are not read. Names of arrays are those within an episode, such as observations/state.\n";

struct LipsonArguments {
  std::string input;
  std::string output;
  bool overwrite = false;
};

void import_lipson(const LipsonArguments& arguments) {
  const auto record =
      dataset::import_lipson(arguments.input, arguments.output, arguments.overwrite);
  fmt::print("{}: written, {} trial{} of {} points: {}\n", arguments.output, record.trials,
             record.trials == 1 ? "" : "s", record.times.size(), base::join(record.names));
}

void add_lipson(const Command& import) {
  const Command command = import.add_command("lipson", lipson_description);
  auto arguments = std::make_shared<LipsonArguments>();
  command.add_option("IN", arguments->input, "text file").required();
  command.add_option("-o,--output", arguments->output, "file to write").required();
  command.add_flag("--overwrite", arguments->overwrite, "replace the file if it exists");
  command.on_run([arguments] { import_lipson(*arguments); });
}

// " --time 'seconds'" of each that was given
std::string flags_text(const std::vector<std::pair<std::string, std::string>>& flags) {
  std::string text;
  for (const auto& [name, value] : flags)
    if (!value.empty()) text += fmt::format(" --{} '{}'", name, value);
  return text;
}

struct CsvArguments : ImportArguments {
  std::string time, trial, only, without;
};

void import_csv(const CsvArguments& arguments) {
  const auto& [time, trial, only, without] =
      std::tie(arguments.time, arguments.trial, arguments.only, arguments.without);
  auto [trials, missing] =
      dataset::parse_csv_trials(base::read_text(arguments.input), arguments.input,
                                {.time = time,
                                 .trial = trial,
                                 .only = base::split_commas(only),
                                 .without = base::split_commas(without)});
  import_trials(std::move(trials), arguments,
                {.format = "csv",
                 .flags = flags_text(
                     {{"time", time}, {"trial", trial}, {"only", only}, {"without", without}}),
                 .time = time.empty() ? "t" : time,
                 .missing = missing});
}

void add_csv(const Command& import) {
  const Command command =
      import.add_command("csv", std::string(csv_description) + derivatives_and_splits);
  auto arguments = std::make_shared<CsvArguments>();
  add_import_flags(command, *arguments, "table of text");
  command.add_option("--time", arguments->time, "column of the time (t or time)");
  command.add_option("--trial", arguments->trial,
                     "column that tells trials apart (trial, trajectory, run or episode)");
  command.add_option("--only", arguments->only, "columns that are coordinates: q,p");
  command.add_option("--without", arguments->without, "columns to leave out");
  command.on_run([arguments] { import_csv(*arguments); });
}

struct ArrayArguments : ImportArguments {
  std::string state, time, derivative, names, only, without;
  double dt = 0;
};

// Those asked for, or all that change along a trial.
void choose_coordinates(dataset::Trials& trials, const std::vector<std::string>& only,
                        const std::vector<std::string>& without) {
  if (!only.empty()) return keep_coordinates(trials, only);
  if (!without.empty()) {
    std::vector<std::string> kept;
    for (const std::string& name : without) {
      if (std::ranges::count(trials.coordinates, name) == 0)
        throw base::UsageError(base::unknown_name("coordinate", name, trials.coordinates));
    }
    for (const std::string& name : trials.coordinates)
      if (std::ranges::count(without, name) == 0) kept.push_back(name);
    if (kept.empty()) throw base::UsageError("--without leaves no coordinate");
    keep_coordinates(trials, kept);
  }
  take_parameters(trials);
}

using ReadArrays = dataset::Trials (*)(const std::filesystem::path&, const dataset::ArrayNames&);

void import_arrays(const ArrayArguments& arguments, const std::string& format, ReadArrays read) {
  dataset::Trials trials =
      read(arguments.input, {.state = arguments.state,
                             .time = arguments.time,
                             .derivative = arguments.derivative,
                             .dt = arguments.dt,
                             .coordinates = base::split_commas(arguments.names)});
  choose_coordinates(trials, base::split_commas(arguments.only),
                     base::split_commas(arguments.without));
  import_trials(
      std::move(trials), arguments,
      {.format = format,
       .flags = flags_text({{"state", arguments.state},
                            {"time", arguments.time},
                            {"derivative", arguments.derivative},
                            {"names", arguments.names},
                            {"only", arguments.only},
                            {"without", arguments.without},
                            {"dt", arguments.dt > 0 ? base::format_double(arguments.dt) : ""}})});
}

// `state` is the name of the states where none is given.
void add_arrays(const Command& import, const std::string& format, const std::string& about,
                ReadArrays read, const std::string& state = "x") {
  const Command command = import.add_command(format, about + derivatives_and_splits);
  auto arguments = std::make_shared<ArrayArguments>();
  add_import_flags(command, *arguments, "file of arrays");
  arguments->state = state;
  const Option given = command.add_option("--state", arguments->state, "array of the states");
  if (!state.empty()) given.show_default();
  command.add_option("--time", arguments->time, "array of the times");
  command.add_option("--dt", arguments->dt, "time between points, where there is no such array")
      .check(number_from_zero("--dt"));
  command.add_option("--derivative", arguments->derivative, "array of the derivatives dx/dt");
  command.add_option("--names", arguments->names, "of the coordinates: q,p (x0,x1,...)");
  command.add_option("--only", arguments->only, "coordinates to take: q,p (all that change)");
  command.add_option("--without", arguments->without, "coordinates to leave out");
  command.on_run([arguments, format, read] {
    if (format == "minari") arguments->input = dataset::minari_file(arguments->input).string();
    import_arrays(*arguments, format, read);
  });
}

}  // namespace

void add_import(const Command& program) {
  const Command command = program.add_command("import", description);
  command.require_command();
  add_csv(command);
  add_arrays(command, "npz", npz_description, dataset::read_numpy_trials);
  add_arrays(command, "hdf5", hdf5_description, dataset::read_hdf5_trials);
  add_arrays(command, "minari", minari_description, dataset::read_minari_trials, "");
  add_lipson(command);
}

}  // namespace noether::cli
