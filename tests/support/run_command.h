#pragma once

// The program as a user runs it: a process with arguments, an exit code and two streams of output.

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/support/file_bytes.h"
#include "tests/support/temp_folder.h"

namespace noether::test {

// Whether the program was built for a sanitizer, which makes it some ten times slower.
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
inline constexpr bool is_sanitized = true;
#else
inline constexpr bool is_sanitized = false;
#endif

struct CommandResult {
  int exit_code = -1;  // -1 where a signal ended the process
  int signal = 0;
  std::string out;
  std::string err;
};

struct CommandOptions {
  std::optional<std::uint64_t> most_file_bytes = {};  // as a full disk
  std::string program = NOETHER_BINARY;
};

// A process that was started; ends with the object at the latest.
class Command {
 public:
  explicit Command(const std::vector<std::string>& arguments, const CommandOptions& options = {}) {
    pid_ = fork();
    if (pid_ < 0) throw std::runtime_error("cannot start a process");
    if (pid_ == 0) run_child(arguments, options);
  }
  ~Command() {
    if (pid_ > 0) {
      send(SIGKILL);
      waitpid(pid_, nullptr, 0);
    }
  }
  Command(const Command&) = delete;
  Command& operator=(const Command&) = delete;

  void send(int signal) const { kill(pid_, signal); }

  // What it printed is empty where it was killed before it began.
  CommandResult wait() {
    int status = 0;
    waitpid(pid_, &status, 0);
    pid_ = -1;
    const auto printed = [&](const char* name) {
      return std::filesystem::exists(folder_ / name) ? read_bytes(folder_ / name) : "";
    };
    CommandResult result{.out = printed("out"), .err = printed("err")};
    if (WIFEXITED(status)) result.exit_code = WEXITSTATUS(status);
    if (WIFSIGNALED(status)) result.signal = WTERMSIG(status);
    return result;
  }

 private:
  [[noreturn]] void run_child(const std::vector<std::string>& arguments,
                              const CommandOptions& options) const {
    constexpr int flags = O_WRONLY | O_CREAT | O_TRUNC;
    dup2(open((folder_ / "out").c_str(), flags, 0644), STDOUT_FILENO);
    dup2(open((folder_ / "err").c_str(), flags, 0644), STDERR_FILENO);
    alarm(is_sanitized ? 1200 : 120);  // nothing here takes so long unless it hangs
    if (options.most_file_bytes) {
      const rlimit limit{*options.most_file_bytes, *options.most_file_bytes};
      setrlimit(RLIMIT_FSIZE, &limit);
    }
    std::vector<std::string> words{options.program};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> pointers;
    for (auto& word : words) pointers.push_back(word.data());
    pointers.push_back(nullptr);
    execvp(pointers[0], pointers.data());
    _exit(127);
  }

  TempFolder folder_;
  pid_t pid_ = -1;
};

inline CommandResult run(const std::vector<std::string>& arguments,
                         const CommandOptions& options = {}) {
  return Command(arguments, options).wait();
}

// Whether the text is one line "noether: SENTENCE" and nothing else.
inline bool is_one_sentence(const std::string& err) {
  return err.starts_with("noether: ") && err.size() > 10 && err.find('\n') == err.size() - 1;
}

}  // namespace noether::test
