#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <string>

#include "base/error.h"
#include "base/interrupt.h"
#include "base/progress.h"
#include "bench/discovery/discovery.h"
#include "bench/discovery/discovery_report.h"
#include "bench/discovery/model_rates.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "dataset/recording/trials.h"
#include "dataset/store/dataset_file.h"

namespace noether::cli {
namespace {

constexpr const char* description =
    "Examples:\n"
    "  noether discover pendulum.h5 -o laws\n"
    "  noether discover two-body.h5 --noise-free --max-nodes 5\n"
    "  noether discover record.h5 --units o=rad,v=rad/s\n"
    "  noether discover measured.h5 --model node.h5 --tolerance 0.02\n"
    "\n"
    "Searches the train split of a trajectory dataset for formulas that do not change along its\n"
    "trajectories: all formulas of +, -, *, /, sin, cos, square, coordinates and constants up to a "
    "size\n"
    "whose units fit, their constants fitted, ranked; and for all independent laws among the "
    "linear\n"
    "combinations of a library of functions, with logarithms and exponentials where states are "
    "exact.\n"
    "Noisy observations are denoised by the derivatives.\n"
    "-o writes discovery.json and discovery.png.";

struct Arguments {
  std::string data;
  std::string model;
  std::string folder;
  bench::DiscoveryOptions options;
  bool noise_free = false;
  int top = 10;
  bool overwrite = false;
  bool json = false;
};

// What tells one result from another, without paths: a model is named by its checksum.
std::string command_line_of(const Arguments& arguments) {
  const bench::DiscoveryOptions& options = arguments.options;
  std::string line = "noether discover";
  if (options.max_nodes > 0) line += fmt::format(" --max-nodes {}", options.max_nodes);
  if (!options.units.empty()) line += fmt::format(" --units '{}'", options.units);
  if (options.tolerance) line += fmt::format(" --tolerance {:g}", *options.tolerance);
  line += fmt::format(" --resamples {}", options.resamples);
  if (arguments.noise_free) line += " --noise-free";
  if (!arguments.model.empty())
    line += " --model " + bench::load_checkpoint(arguments.model).content_sha256;
  return line;
}

bench::Discovery discover_with_progress(const Arguments& arguments, const bench::Task& task) {
  std::unique_ptr<base::Progress> bar;
  std::string now;
  return bench::discover(task, arguments.options,
                         [&](std::int64_t done, std::int64_t total, std::string_view what) {
                           base::check_interrupt();
                           if (!bar || now != what) {
                             now = what;
                             bar.reset();
                             bar = std::make_unique<base::Progress>(now, total);
                           }
                           bar->update(done);
                         });
}

// With a model no derivative of the file is used: not to denoise by, either.
bench::Task task_of(const Arguments& arguments) {
  const dataset::DatasetFile file(arguments.data);
  const bool has_model = !arguments.model.empty();
  const bool is_smoothed = file.h5().text_attribute("", "derivatives") == dataset::by_smoothing;
  const bench::Task task = bench::load_task(file, {.noise_free = arguments.noise_free,
                                                   .denoise = !has_model || is_smoothed,
                                                   .central = !has_model,
                                                   .dtype = learn::DType::f64});
  if (!has_model) return task;
  return with_rates_of(bench::load_checkpoint(arguments.model), arguments.model, task);
}

void run(Arguments arguments) {
  const auto start = std::chrono::steady_clock::now();
  if (!arguments.folder.empty())
    bench::check_discovery_folder(arguments.folder, arguments.overwrite);
  const bench::Task task = task_of(arguments);
  arguments.options.formulas_alone = !arguments.model.empty();
  const bench::Discovery discovery = discover_with_progress(arguments, task);
  const bench::ReportedSearch search{
      discovery, command_line_of(arguments),
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(),
      arguments.top};
  fmt::print("{}\n", arguments.json ? bench::to_json(search) : bench::to_text(search));
  if (!arguments.folder.empty())
    bench::write_discovery(search, arguments.folder, arguments.overwrite);
}

}  // namespace

void add_discover(const Command& program) {
  const Command command = program.add_command("discover", description);
  auto arguments = std::make_shared<Arguments>();
  auto& options = arguments->options;
  command.add_option("DATA", arguments->data, "trajectory dataset").required();
  command
      .add_option("--max-nodes", options.max_nodes,
                  "size of the longest formulas (default: up to 7, fewer where there are many "
                  "coordinates)")
      .check(positive_number("--max-nodes"));
  command.add_option("--units", options.units,
                     "units of coordinates, in place of the file's: q=rad,p=1/s");
  command
      .add_option("--tolerance", options.tolerance,
                  "rms sine of the angle between motion and level sets up to which a law counts "
                  "as conserved")
      .check(positive_number("--tolerance"));
  command.add_option("--resamples", options.resamples, "draws for the 95 % intervals")
      .from_to(0, 100000)
      .show_default();
  command.add_option("--top", arguments->top, "formulas to print")
      .check(positive_number("--top"))
      .show_default();
  command.add_flag("--noise-free", arguments->noise_free,
                   "search the noise-free states, not the observations");
  command.add_option("--model", arguments->model,
                     "search the field of this model: its dx/dt in place of the file's");
  add_jobs(command, options.jobs, "never changes a number");
  command.add_option("-o,--output", arguments->folder, "folder to write");
  command.add_flag("--overwrite", arguments->overwrite, "replace the folder if it exists");
  add_json(command, arguments->json);
  command.on_run([arguments] { run(*arguments); });
}

}  // namespace noether::cli
