#pragma once

#include <CLI/CLI.hpp>

namespace noether::cli {

// Help as CLI11 prints it, but with one line a verb in the list of verbs: the first of the
// paragraph that follows the examples.
class HelpFormatter : public CLI::Formatter {
 public:
  HelpFormatter();
  std::string make_subcommand(const CLI::App* command) const override;
};

}  // namespace noether::cli
