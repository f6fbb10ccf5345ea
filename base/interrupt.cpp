#include "base/interrupt.h"

#include <array>
#include <csignal>
#include <cstddef>

#include "base/error.h"

namespace noether::base {
namespace {

// a signal handler can reach nothing but a global
volatile std::sig_atomic_t signal_came = 0;
thread_local int holds = 0;

void on_signal(int signal) {
  signal_came = 1;
  std::signal(signal, SIG_DFL);
}

}  // namespace

void install_interrupt_handler() {
  // The matrix products of oneDNN for AVX-512 keep data below the stack pointer, where the kernel
  // would write the frame of a handler: it gets a stack of its own. The saved vector and tile
  // registers take some 11 KiB.
  static std::array<std::byte, 1 << 16> room;
  stack_t stack{};
  stack.ss_sp = room.data();
  stack.ss_size = room.size();
  sigaltstack(&stack, nullptr);
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_ONSTACK | SA_RESTART;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

bool interrupted() { return signal_came != 0; }

void check_interrupt() {
  if (interrupted() && holds == 0) throw Interrupted("interrupted");
}

HoldInterrupts::HoldInterrupts() { ++holds; }
HoldInterrupts::~HoldInterrupts() { --holds; }

}  // namespace noether::base
