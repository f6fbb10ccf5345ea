#include <fmt/format.h>

#include <memory>

#include "cli/commands.h"

namespace noether::cli {
namespace {

std::string words_of(const CLI::App& command) {
  std::string words;
  for (const auto* option : command.get_options()) {
    for (const auto& name : option->get_lnames()) words += "--" + name + " ";
  }
  return words;
}

}  // namespace

void add_completion(CLI::App& app) {
  auto* command = app.add_subcommand(
      "completion", "Example:\n  source <(noether completion)\n\nPrints a bash completion script.");
  command->callback([&app] {
    std::string cases;
    std::string verbs;
    for (const auto* verb : app.get_subcommands([](const CLI::App*) { return true; })) {
      verbs += verb->get_name() + " ";
      cases += fmt::format("    {}) words=\"{}\" ;;\n", verb->get_name(), words_of(*verb));
    }
    fmt::print(
        "_noether() {{\n"
        "  local word=${{COMP_WORDS[COMP_CWORD]}} words\n"
        "  case ${{COMP_WORDS[1]}} in\n{}    *) words=\"{}\" ;;\n"
        "  esac\n"
        "  [ \"$COMP_CWORD\" -eq 1 ] && words=\"{}--help --version\"\n"
        "  COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
        "}}\n"
        "complete -o default -F _noether noether\n",
        cases, verbs, verbs);
  });
}

}  // namespace noether::cli
