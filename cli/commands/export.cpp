#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "base/error.h"
#include "base/output_file.h"
#include "base/progress.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "dataset/exchange/export_csv.h"
#include "dataset/exchange/export_minari.h"
#include "dataset/store/dataset_file.h"
#include "dataset/store/user_block.h"

namespace noether::cli {
namespace {

constexpr const char* description =
    "Examples:\n"
    "  noether export pixel-pendulum.h5 --format minari -o pixel-pendulum-v0\n"
    "  noether export pendulum.h5 --format csv -o pendulum-csv\n"
    "  noether export pendulum.h5 --format hdf5 -o plain.h5\n"
    "\n"
    "Writes a dataset for other tools. minari: episodes as a dataset of Minari 0.5.3 and later, in "
    "a "
    "folder to be\n"
    "put where MINARI_DATASETS_PATH points; csv: everything but pixels, without losing a bit, in a "
    "folder; hdf5: a\n"
    "copy without the seal, for readers that want the HDF5 signature at byte 0.";

struct Arguments {
  std::string file;
  std::string format;
  std::string output;
  dataset::MinariAbout about;
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
  if (arguments.format == "minari") {
    return fmt::format("Minari dataset '{}'",
                       dataset::export_minari(file, arguments.output, options, arguments.about));
  }
  return dataset::export_csv(file, arguments.output, options);
}

std::string write_hdf5(const Arguments& arguments) {
  base::write_locked(arguments.output, {arguments.overwrite, arguments.file},
                     [&](const std::filesystem::path& temporary) {
                       dataset::copy_with_user_block(arguments.file, temporary, 0);
                     });
  return "everything, without the seal";
}

void run(const Arguments& arguments) {
  const dataset::DatasetFile file(arguments.file);
  const std::string what =
      arguments.format == "hdf5" ? write_hdf5(arguments) : write_folder(arguments, file);
  fmt::print("{}: written, {} samples, {}\n", arguments.output, file.samples(), what);
}

}  // namespace

void add_export(const Command& program) {
  const Command command = program.add_command("export", description);
  auto arguments = std::make_shared<Arguments>();
  command.add_option("FILE", arguments->file, "dataset").required();
  command.add_option("--format", arguments->format, "minari, csv or hdf5")
      .required()
      .one_of({"minari", "csv", "hdf5"});
  command.add_option("-o,--output", arguments->output, "folder to make; of hdf5: file").required();
  dataset::MinariAbout& about = arguments->about;
  command.add_option("--id", about.id, "of minari: NAMESPACE/NAME-vN (the name of the folder)");
  command.add_option("--author", about.author, "of minari: who made the dataset");
  command.add_option("--author-email", about.author_email, "of minari");
  command.add_option("--code", about.code, "of minari: link to the code that made the dataset");
  add_jobs(command, arguments->jobs, "never changes a byte");
  command.add_flag("--overwrite", arguments->overwrite, "replace what an earlier export wrote");
  command.on_run([arguments] {
    const dataset::MinariAbout& said = arguments->about;
    const bool says = !(said.id + said.author + said.author_email + said.code).empty();
    if (says && arguments->format != "minari")
      throw base::UsageError("--id, --author, --author-email and --code belong to --format minari");
    run(*arguments);
  });
}

}  // namespace noether::cli
