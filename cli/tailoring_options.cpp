#include "cli/tailoring_options.h"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "base/error.h"
#include "base/text.h"

namespace noether::cli {
namespace {

constexpr std::int64_t most_steps = 1000;

learn::StepRule rule_of(const TailoringOptions& options) {
  return options.inner_step.empty() ? learn::StepRule::gauss_newton
                                    : learn::step_rule_of(options.inner_step);
}

std::vector<std::string> with_rate() {
  std::vector<std::string> names;
  for (const std::string& name : learn::step_rule_names()) {
    if (has_rate(learn::step_rule_of(name))) names.push_back(name);
  }
  return names;
}

double parse_rate(const TailoringOptions& options) {
  const learn::StepRule rule = rule_of(options);
  if (!has_rate(rule) && !options.inner_rate.empty()) {
    throw base::UsageError(fmt::format("--inner-rate belongs to --inner-step {}; {} has no rate",
                                       base::join(with_rate()), to_string(rule)));
  }
  if (!has_rate(rule)) return 0;
  if (options.inner_rate.empty()) {
    throw base::UsageError(fmt::format("--inner-step {} needs --inner-rate", to_string(rule)));
  }
  const double rate = base::parse_double(options.inner_rate, "--inner-rate");
  if (std::isfinite(rate) && rate > 0) return rate;
  throw base::UsageError(
      fmt::format("--inner-rate: {} must be finite and greater than 0", options.inner_rate));
}

std::int64_t parse_steps(const TailoringOptions& options) {
  if (options.inner_steps.empty()) return 1;
  const std::int64_t steps = base::parse_integer(options.inner_steps, "--inner-steps");
  if (steps >= 1 && steps <= most_steps) return steps;
  throw base::UsageError(fmt::format("--inner-steps: {} must lie in [1, {}]", steps, most_steps));
}

}  // namespace

void add_tailoring(const Command& command, TailoringOptions& options) {
  command
      .add_option("--conserve", options.conserve,
                  "a formula of the coordinates (\"p^2 - 3 cos(q)\"), energy or network")
      .check({[](const std::string& text) {
        return text.empty() ? std::string("a formula, energy or network was expected") : "";
      }});
  command.add_option("--inner-step", options.inner_step,
                     fmt::format("{} (default gauss-newton): how tailoring moves the weights",
                                 base::join(learn::step_rule_names())));
  command.add_option("--inner-rate", options.inner_rate,
                     fmt::format("of {}", base::join(with_rate())));
  command.add_option("--inner-steps", options.inner_steps, "how many (default 1)");
  command
      .add_option("--layers", options.layers,
                  "that move: last or all (default last, and all for sgd)")
      .one_of({"last", "all"});
}

void check_tailoring(const TailoringOptions& options) {
  if (options.conserve.empty()) {
    for (const auto& [name, value] : {std::pair{"--inner-step", options.inner_step},
                                      {"--inner-rate", options.inner_rate},
                                      {"--inner-steps", options.inner_steps},
                                      {"--layers", options.layers}}) {
      if (!value.empty()) throw base::UsageError(fmt::format("{} needs --conserve", name));
    }
  }
  static_cast<void>(parse_rate(options));
  static_cast<void>(parse_steps(options));
}

std::optional<bench::Tailoring> parse_tailoring(const TailoringOptions& options,
                                                const bench::Task& task,
                                                const learn::Tensor& points) {
  if (options.conserve.empty()) return std::nullopt;
  auto tailoring = base::with_context("--conserve", [&] {
    auto made = bench::make_tailoring(options.conserve, task.system, task.coordinates);
    check_depends_on_state(made, task.coordinates, points);
    return made;
  });
  tailoring.rule = rule_of(options);
  tailoring.rate = parse_rate(options);
  tailoring.steps = parse_steps(options);
  tailoring.all_layers =
      options.layers.empty() ? tailoring.rule == learn::StepRule::sgd : options.layers == "all";
  return tailoring;
}

}  // namespace noether::cli
