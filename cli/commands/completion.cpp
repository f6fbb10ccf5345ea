#include <fmt/format.h>

#include <memory>

#include "cli/commands.h"

namespace noether::cli {
namespace {

std::string words_of(const Command& command) {
  std::string words;
  for (const auto& option : command.long_options()) words += option + " ";
  return words;
}

}  // namespace

void add_completion(const Command& program) {
  const Command command = program.add_command(
      "completion", "Example:\n  source <(noether completion)\n\nPrints a bash completion script.");
  command.on_run([program] {
    std::string cases;
    std::string verbs;
    for (const Command& verb : program.commands()) {
      verbs += verb.name() + " ";
      cases += fmt::format("    {}) words=\"{}\" ;;\n", verb.name(), words_of(verb));
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
