#include <fmt/format.h>

#include <memory>
#include <string>

#include "cli/commands.h"
#include "dataset/store/examine.h"

namespace noether::cli {
namespace {

constexpr const char* description =
    "Example:\n"
    "  noether seal repacked.h5\n"
    "\n"
    "Seals a file that another program wrote anew, as h5repack does. Every array must have the "
    "checksum that the\n"
    "file states. Texts and attributes have none: the seal covers them as they are now.";

}  // namespace

void add_seal(const Command& program) {
  const Command command = program.add_command("seal", description);
  auto file = std::make_shared<std::string>();
  command.add_option("FILE", *file, "dataset or model").required();
  command.on_run([file] {
    const bool sealed = dataset::seal_again(*file);
    fmt::print("{}: {}\n", *file, sealed ? "sealed" : "is intact: its seal fits");
  });
}

}  // namespace noether::cli
