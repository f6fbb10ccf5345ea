#include "base/interrupt.h"

#include <csignal>

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
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;
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
