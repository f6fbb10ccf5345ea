#pragma once

// Commands and their options. A thin coat over CLI11, whose templates take seconds to compile:
// they are compiled once, in command_line.cpp, and the commands see only this.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace CLI {  // NOLINT(readability-identifier-naming): the name is CLI11's
class App;
class Option;
}  // namespace CLI

namespace noether::cli {

// What an option's text must be.
struct Check {
  // What is wrong with a text, "" where nothing is. It may put another text in its place.
  std::function<std::string(std::string&)> problem;
  std::string word = {};  // for such a text in the help: "POSITIVE"
};

// One option, to say more about it: option.required().from_to(0, 9).
class Option {
 public:
  explicit Option(CLI::Option& option) : option_(&option) {}

  Option required() const;
  Option show_default() const;  // in the help
  Option show_default(const std::string& text) const;
  Option one_value_each() const;              // for each time that it is given
  Option from_to(int least, int most) const;  // both belong to it
  Option one_of(const std::vector<std::string>& words) const;
  Option check(const Check& check) const;

  // Whether it was given; known when the command runs.
  bool given() const;

 private:
  CLI::Option* option_;
};

// A command, or the whole program. Like Option only a handle: main.cpp owns what it stands for.
class Command {
 public:
  explicit Command(CLI::App& app) : app_(&app) {}

  Command add_command(const std::string& name, const std::string& description) const;
  void require_command() const;  // one of those added

  // `names` is "NAME" for an argument by place, or "-o,--output". `value` is set before the command
  // runs, and must live until then; what it is now is the default.
  Option add_option(const std::string& names, std::string& value,
                    const std::string& description) const;
  Option add_option(const std::string& names, std::optional<std::string>& value,
                    const std::string& description) const;
  Option add_option(const std::string& names, std::vector<std::string>& values,
                    const std::string& description) const;
  Option add_option(const std::string& names, int& value, const std::string& description) const;
  Option add_option(const std::string& names, std::int64_t& value,
                    const std::string& description) const;
  Option add_option(const std::string& names, double& value, const std::string& description) const;
  Option add_option(const std::string& names, std::optional<double>& value,
                    const std::string& description) const;
  void add_flag(const std::string& names, bool& value, const std::string& description) const;

  // What the command does.
  void on_run(const std::function<void()>& run) const;

  std::string name() const;
  std::vector<Command> commands() const;
  std::vector<std::string> long_options() const;  // "--output"

 private:
  CLI::App* app_;
};

}  // namespace noether::cli
