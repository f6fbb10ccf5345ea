#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <new>

#include "base/error.h"
#include "base/interrupt.h"
#include "base/version.h"
#include "cli/commands.h"
#include "dataset/provenance.h"

namespace {

using noether::base::ExitCode;

constexpr const char* description =
    "Examples:\n"
    "  noether list datasets\n"
    "  noether generate pendulum -o pendulum.h5\n"
    "  noether render pendulum.h5 -o pendulum.png\n"
    "\n"
    "noether: the reference suite for learning conserved quantities.\n"
    "Exit codes: 0 ok, 1 a check failed, 2 usage, 3 data, 4 numerical failure, 70 a bug, 130 "
    "interrupted.";

int report(ExitCode code, const std::string& message) {
  fmt::print(stderr, "noether: {}\n", message);
  return static_cast<int>(code);
}

// the whole program as one function from arguments to exit code
int run(CLI::App& app, int argc, char** argv) {
  try {
    app.parse(argc, argv);
    if (std::fflush(stdout) != 0)
      return report(ExitCode::data, "cannot write to the standard output");
    return static_cast<int>(ExitCode::ok);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // --help and --version
    return report(ExitCode::usage, std::string(error.what()) + " (see --help)");
  } catch (const noether::base::Error& error) {
    std::fflush(stdout);
    return report(error.code(), error.what());
  } catch (const std::bad_alloc&) {
    return report(ExitCode::data, "not enough memory");
  } catch (const std::filesystem::filesystem_error& error) {
    return report(ExitCode::data, error.what());
  } catch (const std::exception& error) {
    return report(ExitCode::bug, fmt::format("this is a bug: {}", error.what()));
  }
}

}  // namespace

int main(int argc, char** argv) {
  noether::base::install_interrupt_handler();
  std::signal(SIGXFSZ, SIG_IGN);  // a file size limit shall be an error like a full disk
  std::signal(SIGPIPE, SIG_DFL);
  CLI::App app{description, "noether"};
  const auto build = noether::base::build_info();
  app.set_version_flag("--version",
                       fmt::format("noether {} ({})\n{}", build.version, build.git_describe,
                                   noether::dataset::build_json()));
  app.require_subcommand(1);
  using namespace noether::cli;
  for (const auto add : {add_list, add_generate, add_rollout, add_inspect, add_validate, add_render,
                         add_export, add_import, add_diff, add_completion}) {
    add(app);
  }
  return run(app, argc, argv);
}
