#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/interrupt.h"
#include "base/sha256.h"
#include "dataset/store/examine.h"
#include "dataset/store/h5.h"
#include "dataset/store/writer.h"

namespace noether::dataset {
namespace {

constexpr unsigned seconds_without_progress = 10;

// the numbers of one array, as SHA-256 in hex
std::string read_numbers(const H5File& file, const std::string& array) {
  base::Sha256 sha;
  file.for_each_piece(array, [&](std::int64_t, const Bytes& bytes) {
    alarm(seconds_without_progress);
    sha.update(bytes);
  });
  return sha.hex();
}

// Reads every attribute and every element; a damaged file throws, crashes or hangs here.
Probe read_everything(const std::filesystem::path& path) {
  const H5File file = H5File::open(path);
  const auto read_attributes = [&](const std::string& object) {
    for (const auto& name : file.attribute_names(object))
      static_cast<void>(file.attribute(object, name));
  };
  read_attributes("");
  const auto complete = file.attribute("", "complete");
  std::vector<std::string> digests;
  bool fit = complete == AttributeValue(std::int8_t{1});
  for (const auto& array : file.array_paths()) {
    alarm(seconds_without_progress);
    read_attributes(array);
    const H5Array info = file.describe(array);
    if (!info.missing_filter.empty()) {
      return {FileState::missing_filter, false,
              fmt::format("needs the filter '{}' for '{}', which is missing here: where it is "
                          "known, `h5repack -f GZIP=4` writes a copy without it",
                          info.missing_filter, array)};
    }
    if (info.type == ElementType::text) {
      if (element_count(info.shape) > 0) static_cast<void>(file.read_text(array));
    } else if (info.type) {
      digests.push_back(fmt::format("{}\t{}", array, read_numbers(file, array)));
      fit = fit && digests.back().ends_with("\t" + file.text_attribute(array, "sha256"));
    }
  }
  fit = fit && file.text_attribute("", "content_sha256") == content_digest(digests);
  return {FileState::foreign, fit, ""};
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
  Probe found;
  try {
    found = read_everything(path);
  } catch (const base::Error& error) {
    found.reason = error.what();
  } catch (const std::exception&) {
    found.reason = "it asks for more memory than there is";
  }
  const std::string told = {static_cast<char>(found.state), static_cast<char>(found.checksums_fit)};
  const std::string message = told + found.reason;
  const ssize_t wrote = write(pipe_end, message.data(), message.size());
  _exit(wrote == static_cast<ssize_t>(message.size()) ? 0 : 1);
}

std::string read_all(int descriptor) {
  std::string text;
  std::array<char, 512> buffer{};
  for (ssize_t got = 0; (got = read(descriptor, buffer.data(), buffer.size())) > 0;) {
    text.append(buffer.data(), static_cast<std::size_t>(got));
  }
  return text;
}

// What the child told, or nothing where it hung.
std::optional<Probe> probe_once(const std::filesystem::path& path) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) throw base::DataError("cannot make a pipe");
  const pid_t child = fork();
  if (child < 0) throw base::DataError("cannot start a process");
  if (child == 0) run_child(path, ends[1]);
  ::close(ends[1]);
  const std::string message = read_all(ends[0]);
  ::close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  base::check_interrupt();  // which ended the child too
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0 && message.size() >= 2)
    return Probe{static_cast<FileState>(message[0]), message[1] != 0, message.substr(2)};
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM) return std::nullopt;
  return Probe{FileState::damaged, false, "the HDF5 library crashes on it"};
}

}  // namespace

Probe probe(const std::filesystem::path& path) {
  // a child that was born while another thread was inside HDF5 waits for that thread's lock, which
  // it does not have: the second or third is not so unlucky
  for (int attempt = 0; attempt < 3; ++attempt) {
    if (auto found = probe_once(path)) return *std::move(found);
  }
  return {FileState::damaged, false, "the HDF5 library does not come to an end on it"};
}

}  // namespace noether::dataset
