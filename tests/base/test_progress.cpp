#include "base/progress.h"

#include <fcntl.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>

namespace noether::base {
namespace {

const std::string wipe = "\r\x1b[K";

// Two connected descriptors, one to write to and one to read from.
struct Ends {
  int write = -1;
  int read = -1;
};

// A sandbox may have no pseudo-terminals: the process, a test [alone] in it, then ends as skipped,
// see support/reference.h.
Ends terminal() {
  Ends ends;
  if (openpty(&ends.read, &ends.write, nullptr, nullptr, nullptr) != 0) {
    std::perror("skipped: no pseudo-terminal");
    std::_Exit(77);
  }
  return ends;
}

Ends pipe_ends() {
  std::array<int, 2> fd{};
  REQUIRE(pipe(fd.data()) == 0);
  return {.write = fd[1], .read = fd[0]};
}

// What `action` writes to stderr while that is `ends.write`; closes both ends.
template <class Action>
std::string stderr_on(Ends ends, Action action) {
  const int saved = dup(STDERR_FILENO);
  dup2(ends.write, STDERR_FILENO);
  action();
  std::fflush(stderr);
  dup2(saved, STDERR_FILENO);
  close(saved);

  // a terminal with no writer left may forget what it holds: read before closing, without waiting
  fcntl(ends.read, F_SETFL, O_NONBLOCK);
  std::string text;
  std::array<char, 4096> buffer{};
  for (ssize_t n = 0; (n = read(ends.read, buffer.data(), buffer.size())) > 0;) {
    text.append(buffer.data(), static_cast<std::size_t>(n));
  }
  close(ends.write);
  close(ends.read);
  return text;
}

// longer than the tenth of a second between two drawings
void wait_for_redraw() { std::this_thread::sleep_for(std::chrono::milliseconds(120)); }

void half_of_the_work(bool visible) {
  Progress progress("generating spring", 100, visible);
  wait_for_redraw();
  progress.update(50);
}

}  // namespace

TEST_CASE("progress is drawn on a terminal and wiped at the end", "[base][progress][alone]") {
  const std::string text = stderr_on(terminal(), [] { half_of_the_work(true); });
  CHECK_THAT(text, Catch::Contains("generating spring"));
  CHECK_THAT(text, Catch::Contains("50 %"));
  CHECK_THAT(text, Catch::Contains("50/100"));
  CHECK_THAT(text, Catch::StartsWith(wipe) && Catch::EndsWith(wipe));
}

TEST_CASE("progress fits into a narrow terminal", "[base][progress][alone]") {
  for (const unsigned short columns : std::initializer_list<unsigned short>{20, 40, 8}) {
    const Ends ends = terminal();
    const winsize size{.ws_row = 10, .ws_col = columns, .ws_xpixel = 0, .ws_ypixel = 0};
    REQUIRE(ioctl(ends.write, TIOCSWINSZ, &size) == 0);
    std::string text = stderr_on(ends, [] { half_of_the_work(true); });
    CHECK_THAT(text, Catch::Contains("50 %"));
    // one line between two wipes
    REQUIRE(text.size() > 2 * std::string(wipe).size());
    CHECK(text.size() - 2 * std::string(wipe).size() < columns);
  }
}

TEST_CASE("progress is not drawn where stderr is no terminal", "[base][progress]") {
  CHECK(stderr_on(pipe_ends(), [] { half_of_the_work(true); }).empty());
}

TEST_CASE("progress is not drawn where it is not wanted", "[base][progress][alone]") {
  CHECK(stderr_on(terminal(), [] { half_of_the_work(false); }).empty());
}

TEST_CASE("progress over in a moment is not drawn", "[base][progress][alone]") {
  CHECK(stderr_on(terminal(), [] { Progress progress("short", 1); }).empty());
}

TEST_CASE("progress is drawn at most ten times a second", "[base][progress][alone]") {
  const auto start = std::chrono::steady_clock::now();
  const std::string text = stderr_on(terminal(), [] {
    Progress progress("many", 100000);
    for (int i = 0; i < 25; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
      for (int k = 0; k < 100; ++k) progress.update(100 * i + k);
    }
  });
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
  const auto drawn = std::ranges::count(text, '\r') - 1;  // the last wipes
  CHECK(drawn >= 1);
  CHECK(static_cast<double>(drawn) <= 10 * elapsed.count());
}

TEST_CASE("before the first unit is done no time left is stated", "[base][progress][alone]") {
  const std::string text = stderr_on(terminal(), [] {
    Progress progress("slow", 4);
    progress.update(0);
    wait_for_redraw();
    progress.update(0, "seed 3");
  });
  CHECK_THAT(text, Catch::Contains("0/4  seed 3") && !Catch::Contains("left"));
}

TEST_CASE("the time left does not count what an earlier run has done", "[base][progress][alone]") {
  const std::string text = stderr_on(terminal(), [] {
    Progress progress("resumed", 1000);
    progress.update(900);
    wait_for_redraw();
    progress.update(901);
  });
  // 2 units in 0.12 s leave 99 units 6 s; 901 units in that time would leave 0.01 s
  CHECK_THAT(text, Catch::Contains(" s left"));
  CHECK_THAT(text, !Catch::Contains(" 0 s left"));
}

}  // namespace noether::base
