#include "base/interrupt.h"

#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>

#include "base/error.h"

namespace noether::base {
namespace {

// The wait status of a child that installs the handler and runs `action`, which returns its exit
// code: a signal once come cannot be taken back, so no other test may see it.
template <class Action>
int status_of_child(Action action) {
  const pid_t child = fork();
  if (child == 0) {
    install_interrupt_handler();
    _exit(action());
  }
  int status = 0;
  waitpid(child, &status, 0);
  return status;
}

}  // namespace

TEST_CASE("nothing is interrupted before a signal has come", "[base][interrupt]") {
  CHECK_FALSE(interrupted());
  CHECK_NOTHROW(check_interrupt());
}

TEST_CASE("the first signal is a question that work may ask", "[base][interrupt]") {
  for (const int signal : {SIGINT, SIGTERM}) {
    const int status = status_of_child([&] {
      std::raise(signal);
      if (!interrupted()) return 1;
      try {
        check_interrupt();
      } catch (const Interrupted&) {
        return 42;
      }
      return 2;
    });
    REQUIRE(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 42);
  }
}

TEST_CASE("what was done may be saved after a signal has come", "[base][interrupt]") {
  const int status = status_of_child([] {
    std::raise(SIGINT);
    try {
      const HoldInterrupts saving;
      check_interrupt();
    } catch (const Interrupted&) {
      return 1;
    }
    try {
      check_interrupt();
    } catch (const Interrupted&) {
      return 42;
    }
    return 2;
  });
  REQUIRE(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 42);
}

TEST_CASE("the second signal kills", "[base][interrupt]") {
  const int status = status_of_child([] {
    std::raise(SIGINT);
    std::raise(SIGINT);
    return 0;
  });
  REQUIRE(WIFSIGNALED(status));
  CHECK(WTERMSIG(status) == SIGINT);
}

}  // namespace noether::base
