#pragma once

// One function a verb; each adds its subcommand, with options, help and callback, to the program.
// Callbacks print results to stdout and throw base::Error; main.cpp turns that into a message on
// stderr and an exit code.

#include <CLI/CLI.hpp>

namespace noether::cli {

void add_list(CLI::App& app);
void add_generate(CLI::App& app);
void add_rollout(CLI::App& app);
void add_inspect(CLI::App& app);
void add_validate(CLI::App& app);
void add_render(CLI::App& app);
void add_export(CLI::App& app);
void add_import(CLI::App& app);
void add_diff(CLI::App& app);
void add_train(CLI::App& app);
void add_evaluate(CLI::App& app);
void add_discover(CLI::App& app);
void add_table(CLI::App& app);
void add_check(CLI::App& app);
void add_completion(CLI::App& app);

}  // namespace noether::cli
