#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "base/progress.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "dataset/exchange/export_csv.h"
#include "dataset/exchange/export_minari.h"
#include "dataset/store/dataset_file.h"

namespace noether::cli {
namespace {

constexpr const char* description =
    "Examples:\n"
    "  noether export pixel-pendulum.h5 --format minari -o pixel-pendulum-v0\n"
    "  noether export pendulum.h5 --format csv -o pendulum-csv\n"
    "\n"
    "Writes a dataset for other tools into a new folder. minari: episodes as a dataset of Minari "
    "0.5.3 and\n"
    "later, to be put where MINARI_DATASETS_PATH points; csv: everything but pixels, without "
    "losing "
    "a bit.";

struct Arguments {
  std::string file;
  std::string format;
  std::string folder;
  int jobs = 0;
  bool overwrite = false;
};

// what there is to say beside the number of samples
std::string write_folder(const Arguments& arguments, const dataset::DatasetFile& file) {
  base::Progress bar("exporting", file.samples());
  const dataset::ExportOptions options{
      .overwrite = arguments.overwrite,
      .jobs = arguments.jobs,
      .on_progress = [&](std::int64_t done, std::int64_t) { bar.update(done); }};
  if (arguments.format == "minari")
    return fmt::format("Minari dataset '{}'",
                       dataset::export_minari(file, arguments.folder, options));
  return dataset::export_csv(file, arguments.folder, options);
}

void run(const Arguments& arguments) {
  const dataset::DatasetFile file(arguments.file);
  const std::string what = write_folder(arguments, file);
  fmt::print("{}: written, {} samples, {}\n", arguments.folder, file.samples(), what);
}

}  // namespace

void add_export(const Command& program) {
  const Command command = program.add_command("export", description);
  auto arguments = std::make_shared<Arguments>();
  command.add_option("FILE", arguments->file, "dataset").required();
  command.add_option("--format", arguments->format, "minari or csv")
      .required()
      .one_of({"minari", "csv"});
  command.add_option("-o,--output", arguments->folder, "folder to make").required();
  add_jobs(command, arguments->jobs, "never changes a byte");
  command.add_flag("--overwrite", arguments->overwrite, "replace the folder if an export wrote it");
  command.on_run([arguments] { run(*arguments); });
}

}  // namespace noether::cli
