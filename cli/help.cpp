#include "cli/help.h"

#include <algorithm>

namespace noether::cli {

HelpFormatter::HelpFormatter() { column_width(28); }

std::string HelpFormatter::make_subcommand(const CLI::App* command) const {
  // the first sentence of what follows the examples
  std::string text = command->get_description();
  if (const auto blank = text.find("\n\n"); blank != std::string::npos) text.erase(0, blank + 2);
  std::ranges::replace(text, '\n', ' ');
  if (const auto end = text.find(". "); end != std::string::npos) text.erase(end);
  constexpr std::size_t verb_width = 14;
  const std::string padding(verb_width - std::min(verb_width, command->get_name().size()), ' ');
  return "  " + command->get_name() + padding + text + "\n";
}

}  // namespace noether::cli
