#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <new>

#include "dataset/store/dataset_file.h"

namespace noether::dataset {
namespace {

constexpr unsigned seconds_without_progress = 10;

// reads every attribute and every element; a damaged file throws, crashes or hangs here
void read_everything(const std::filesystem::path& path) {
  const H5File file = H5File::open(path);
  const auto read_attributes = [&](const std::string& object) {
    for (const auto& name : file.attribute_names(object))
      static_cast<void>(file.attribute(object, name));
  };
  read_attributes("");
  for (const auto& array : file.array_paths()) {
    alarm(seconds_without_progress);
    read_attributes(array);
    const H5Array info = file.describe(array);
    if (!info.type || element_count(info.shape) == 0) continue;
    if (*info.type == ElementType::text) {
      static_cast<void>(file.read_text(array));
      continue;
    }
    file.for_each_piece(array, [](std::int64_t, const Bytes&) { alarm(seconds_without_progress); });
  }
}

[[noreturn]] void run_child(const std::filesystem::path& path, int pipe_end) {
  // whatever happens here ends this process only, without a core file and without a word
  const rlimit no_core{0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  for (const int signal : {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGALRM, SIGINT})
    std::signal(signal, SIG_DFL);
  const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (nowhere >= 0) dup2(nowhere, STDERR_FILENO);
  alarm(seconds_without_progress);
  std::string reason;
  try {
    read_everything(path);
  } catch (const base::Error& error) {
    reason = error.what();
  } catch (const std::exception&) {
    reason = "it asks for more memory than there is";
  }
  const ssize_t wrote = write(pipe_end, reason.data(), reason.size());
  _exit(wrote == static_cast<ssize_t>(reason.size()) ? 0 : 1);
}

std::string read_all(int descriptor) {
  std::string text;
  std::array<char, 512> buffer{};
  for (ssize_t got = 0; (got = read(descriptor, buffer.data(), buffer.size())) > 0;) {
    text.append(buffer.data(), static_cast<std::size_t>(got));
  }
  return text;
}

}  // namespace

std::string probe(const std::filesystem::path& path) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) throw base::DataError("cannot make a pipe");
  const pid_t child = fork();
  if (child < 0) throw base::DataError("cannot start a process");
  if (child == 0) run_child(path, ends[1]);
  ::close(ends[1]);
  const std::string reason = read_all(ends[0]);
  ::close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return reason;
  const bool hung = WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM;
  return hung ? "the HDF5 library does not come to an end on it" : "the HDF5 library crashes on it";
}

}  // namespace noether::dataset
