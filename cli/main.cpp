#include <fmt/format.h>
#include <malloc.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <iostream>
#include <memory>
#include <new>
#include <system_error>
#include <vector>

#include "base/error.h"
#include "base/interrupt.h"
#include "base/text.h"
#include "base/version.h"
#include "cli/commands.h"
#include "dataset/make/provenance.h"

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

// Help as CLI11 prints it, but with one line a verb in the list of verbs: the first sentence of the
// paragraph that follows the examples.
class HelpFormatter : public CLI::Formatter {
 public:
  HelpFormatter() { column_width(28); }

  std::string make_subcommand(const CLI::App* command) const override {
    std::string text = command->get_description();
    if (const auto blank = text.find("\n\n"); blank != std::string::npos) text.erase(0, blank + 2);
    std::ranges::replace(text, '\n', ' ');
    if (const auto end = text.find(". "); end != std::string::npos) text.erase(end);
    return fmt::format("  {:<14}{}\n", command->get_name(), text);
  }
};

int report(ExitCode code, const std::string& message) {
  // where even this cannot be written, the exit code has to do; fmt would throw
  std::fprintf(stderr, "noether: %s\n", message.c_str());
  return static_cast<int>(code);
}

// CLI11 would only say that the word was not expected
void check_verb(const noether::cli::Command& program, const std::string& word) {
  std::vector<std::string> verbs;
  for (const auto& verb : program.commands()) verbs.push_back(verb.name());
  if (word.starts_with('-') || std::ranges::find(verbs, word) != verbs.end()) return;
  throw noether::base::UsageError(noether::base::unknown_name("command", word, verbs));
}

// the whole program as one function from arguments to exit code
int run(CLI::App& app, int argc, char** argv) {
  try {
    check_verb(noether::cli::Command(app), argv[1]);
    app.parse(argc, argv);
    if (std::fflush(stdout) != 0)
      return report(ExitCode::data, "cannot write to the standard output");
    return static_cast<int>(ExitCode::ok);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) {  // --help and --version
      app.exit(error, std::cout, std::cerr);
      if (std::cout.flush()) return static_cast<int>(ExitCode::ok);
      return report(ExitCode::data, "cannot write to the standard output");
    }
    return report(ExitCode::usage, std::string(error.what()) + " (see --help)");
  } catch (const noether::base::Error& error) {
    std::fflush(stdout);
    return report(error.code(), error.what());
  } catch (const std::bad_alloc&) {
    return report(ExitCode::data, "not enough memory");
  } catch (const std::filesystem::filesystem_error& error) {
    return report(ExitCode::data,
                  fmt::format("'{}': {}", error.path1().string(), error.code().message()));
  } catch (const std::system_error& error) {
    return report(ExitCode::data, error.what());  // no thread, or no space for the output
  } catch (const std::exception& error) {
    return report(ExitCode::bug, fmt::format("this is a bug: {}", error.what()));
  }
}

// Blocks of a megabyte come and go. Freed memory is kept, not given back to the kernel and cleared
// once more: that was a quarter of the time of `generate`.
void keep_freed_memory() {
  mallopt(M_MMAP_THRESHOLD, 32 << 20);  // the most that glibc takes
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
}

}  // namespace

int main(int argc, char** argv) {
  keep_freed_memory();
  noether::base::install_interrupt_handler();
  std::signal(SIGXFSZ, SIG_IGN);  // a file size limit shall be an error like a full disk
  std::signal(SIGPIPE, SIG_DFL);
  CLI::App app{description, "noether"};
  const auto build = noether::base::build_info();
  app.set_version_flag("--version",
                       fmt::format("noether {} ({})\n{}", build.version, build.git_describe,
                                   noether::dataset::build_json()));
  app.formatter(std::make_shared<HelpFormatter>());
  using namespace noether::cli;
  for (const auto add :
       {add_list, add_generate, add_rollout, add_inspect, add_validate, add_render, add_export,
        add_import, add_seal, add_diff, add_train, add_evaluate, add_sample, add_discover, add_task,
        add_table, add_check, add_completion}) {
    add(Command(app));
  }
  if (argc < 2) {
    std::fputs(app.help().c_str(), stderr);
    return static_cast<int>(ExitCode::usage);
  }
  return run(app, argc, argv);
}
