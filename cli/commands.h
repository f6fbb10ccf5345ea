#pragma once

// One function a verb; each adds its subcommand, with options, help and callback, to the program.
// Callbacks print results to stdout and throw base::Error; main.cpp turns that into a message on
// stderr and an exit code.

#include "cli/command_line.h"

namespace noether::cli {

void add_list(const Command& program);
void add_generate(const Command& program);
void add_rollout(const Command& program);
void add_inspect(const Command& program);
void add_validate(const Command& program);
void add_render(const Command& program);
void add_export(const Command& program);
void add_import(const Command& program);
void add_seal(const Command& program);
void add_diff(const Command& program);
void add_train(const Command& program);
void add_evaluate(const Command& program);
void add_sample(const Command& program);
void add_discover(const Command& program);
void add_task(const Command& program);
void add_table(const Command& program);
void add_check(const Command& program);
void add_completion(const Command& program);

}  // namespace noether::cli
