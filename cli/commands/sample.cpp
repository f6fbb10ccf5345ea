#include <fmt/format.h>

#include <memory>
#include <span>
#include <string>

#include "base/error.h"
#include "base/output_file.h"
#include "bench/flow/flow_file.h"
#include "bench/flow/flow_points.h"
#include "bench/model/checkpoint.h"
#include "cli/commands.h"
#include "cli/options.h"

namespace noether::cli {
namespace {

constexpr const char* description =
    "Examples:\n"
    "  noether sample flow.h5 -o points.csv\n"
    "  noether sample flow.h5 --n 100000 --seed 1 -o points.csv\n"
    "\n"
    "Draws points from the density that a flow has learned (train --model cnf), into a table of "
    "text.\n"
    "The first k of n points are the same for any n.";

struct Arguments {
  std::string model;
  std::string output;
  std::int64_t n = 1000;
  std::int64_t seed = 0;
  bool overwrite = false;
};

std::string to_csv(const std::vector<std::string>& coordinates, const learn::Tensor& points) {
  std::string text = fmt::format("{}\n", fmt::join(coordinates, ","));
  const auto values = points.to_vector();
  for (std::size_t i = 0; i < values.size(); ++i)
    text += fmt::format("{}{}", values[i], (i + 1) % coordinates.size() == 0 ? "\n" : ",");
  return text;
}

void run(const Arguments& arguments) {
  base::check_output_file(arguments.output, arguments.overwrite, arguments.model);
  const auto checkpoint = bench::load_checkpoint(arguments.model);
  base::with_context(fmt::format("'{}'", arguments.model), [&] { bench::flow_of(checkpoint); });
  const std::string text =
      to_csv(checkpoint.coordinates,
             bench::samples(bench::flow_of(checkpoint), checkpoint.state.params, arguments.n,
                            static_cast<std::uint64_t>(arguments.seed)));
  base::write_locked(arguments.output, {arguments.overwrite, arguments.model},
                     [&](const std::filesystem::path& temporary) {
                       base::write_bytes(std::as_bytes(std::span(text)), temporary);
                     });
  fmt::print("{}: written, {} points of {}\n", arguments.output, arguments.n,
             checkpoint.model->text());
}

}  // namespace

void add_sample(const Command& program) {
  const Command command = program.add_command("sample", description);
  auto arguments = std::make_shared<Arguments>();
  command.add_option("MODEL", arguments->model, "model file of `noether train --model cnf`")
      .required();
  command.add_option("-o,--output", arguments->output, "table to write").required();
  command.add_option("--n", arguments->n, "points").check(positive_number("--n")).show_default();
  command.add_option("--seed", arguments->seed, "of the points")
      .check(number_from_zero("--seed"))
      .show_default();
  command.add_flag("--overwrite", arguments->overwrite, "replace the file if it exists");
  command.on_run([arguments] { run(*arguments); });
}

}  // namespace noether::cli
