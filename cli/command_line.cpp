#include "cli/command_line.h"

#include <CLI/CLI.hpp>

namespace noether::cli {

Option Option::required() const {
  option_->required();
  return *this;
}

Option Option::show_default() const {
  option_->capture_default_str();
  return *this;
}

Option Option::show_default(const std::string& text) const {
  option_->default_str(text);
  return *this;
}

Option Option::one_value_each() const {
  option_->allow_extra_args(false);
  return *this;
}

Option Option::from_to(int least, int most) const {
  option_->check(CLI::Range(least, most));
  return *this;
}

Option Option::one_of(const std::vector<std::string>& words) const {
  option_->check(CLI::IsMember(words));
  return *this;
}

Option Option::check(const Check& check) const {
  option_->transform(CLI::Validator(check.problem, check.word));
  return *this;
}

bool Option::given() const { return !option_->empty(); }

Command Command::add_command(const std::string& name, const std::string& description) const {
  return Command(*app_->add_subcommand(name, description));
}

void Command::require_command() const { app_->require_subcommand(1); }

Option Command::add_option(const std::string& names, std::string& value,
                           const std::string& description) const {
  return Option(*app_->add_option(names, value, description));
}

Option Command::add_option(const std::string& names, std::optional<std::string>& value,
                           const std::string& description) const {
  return Option(*app_->add_option(names, value, description));
}

Option Command::add_option(const std::string& names, std::vector<std::string>& values,
                           const std::string& description) const {
  return Option(*app_->add_option(names, values, description));
}

Option Command::add_option(const std::string& names, int& value,
                           const std::string& description) const {
  return Option(*app_->add_option(names, value, description));
}

Option Command::add_option(const std::string& names, std::int64_t& value,
                           const std::string& description) const {
  return Option(*app_->add_option(names, value, description));
}

Option Command::add_option(const std::string& names, double& value,
                           const std::string& description) const {
  return Option(*app_->add_option(names, value, description));
}

Option Command::add_option(const std::string& names, std::optional<double>& value,
                           const std::string& description) const {
  return Option(*app_->add_option(names, value, description));
}

void Command::add_flag(const std::string& names, bool& value,
                       const std::string& description) const {
  app_->add_flag(names, value, description);
}

void Command::on_run(const std::function<void()>& run) const { app_->callback(run); }

std::string Command::name() const { return app_->get_name(); }

std::vector<Command> Command::commands() const {
  std::vector<Command> all;
  for (auto* command : app_->get_subcommands([](const CLI::App*) { return true; }))
    all.emplace_back(*command);
  return all;
}

std::vector<std::string> Command::long_options() const {
  std::vector<std::string> all;
  for (const auto* option : app_->get_options()) {
    for (const auto& name : option->get_lnames()) all.push_back("--" + name);
  }
  return all;
}

}  // namespace noether::cli
