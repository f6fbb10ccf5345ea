#include "base/interrupt.h"

#include <csignal>

#include "base/error.h"

namespace noether::base {
namespace {

// a signal handler can reach nothing but a global
volatile std::sig_atomic_t signal_came = 0;

void on_signal(int signal) {
  signal_came = 1;
  std::signal(signal, SIG_DFL);
}

}  // namespace

void install_interrupt_handler() {
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
}

bool interrupted() { return signal_came != 0; }

void check_interrupt() {
  if (interrupted()) throw Interrupted("interrupted");
}

}  // namespace noether::base
