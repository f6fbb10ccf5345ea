#pragma once

// Ctrl-C as a question that long work asks, never as a jump.

namespace noether::base {

// Installs the SIGINT and SIGTERM handlers. The first signal asks running work to stop between two
// samples; a second one kills the process as it would have without the handler.
void install_interrupt_handler();

// True once a signal has come.
bool interrupted();

// Throws Interrupted once a signal has come.
void check_interrupt();

// While it lives, check_interrupt() in this thread does not throw: what was done is being saved.
class HoldInterrupts {
 public:
  HoldInterrupts();
  ~HoldInterrupts();
  HoldInterrupts(const HoldInterrupts&) = delete;
  HoldInterrupts& operator=(const HoldInterrupts&) = delete;
};

}  // namespace noether::base
