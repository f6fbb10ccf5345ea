#pragma once

// What can go wrong, by whose hands it is mended. Libraries throw these; only cli/ prints and
// exits.

#include <stdexcept>
#include <string>
#include <utility>

namespace noether::base {

// Process exit codes, as documented in README.md.
enum class ExitCode {
  ok = 0,
  check_failed = 1,
  usage = 2,
  data = 3,
  numerical = 4,
  bug = 70,
  interrupted = 130
};

// An error whose message is one clear sentence: what is wrong, where, what was expected.
class Error : public std::runtime_error {
 public:
  Error(ExitCode code, const std::string& message) : std::runtime_error(message), code_(code) {}
  ExitCode code() const { return code_; }
  // The message becomes "context: message".
  void add_context(const std::string& context) {
    std::runtime_error::operator=(std::runtime_error(context + ": " + what()));
  }

 private:
  ExitCode code_;
};

// The caller asked for something that does not exist or makes no sense.
class UsageError : public Error {
 public:
  explicit UsageError(const std::string& message) : Error(ExitCode::usage, message) {}
};

// A file is missing, damaged, of the wrong form, or cannot be written.
class DataError : public Error {
 public:
  explicit DataError(const std::string& message) : Error(ExitCode::data, message) {}
};

// Array extents do not fit together; seen by a user only through data that was not checked.
class ShapeError : public Error {
 public:
  explicit ShapeError(const std::string& message) : Error(ExitCode::data, message) {}
};

// A computation diverged, lost its accuracy, or produced a non-finite value.
class NumericalError : public Error {
 public:
  explicit NumericalError(const std::string& message) : Error(ExitCode::numerical, message) {}
};

// The user pressed Ctrl-C; what was finished is kept.
class Interrupted : public Error {
 public:
  explicit Interrupted(const std::string& message) : Error(ExitCode::interrupted, message) {}
};

// Runs `action`. An Error that leaves it gains the prefix "context: " and keeps its type.
template <class Action>
auto with_context(const std::string& context, Action&& action) {
  try {
    return std::forward<Action>(action)();
  } catch (Error& error) {
    error.add_context(context);
    throw;  // the same object, so the type that was thrown
  }
}

}  // namespace noether::base
