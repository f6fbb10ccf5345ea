#pragma once

// A progress line on stderr, drawn only on a terminal and only while there is something to wait
// for.

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace noether::base {

class Progress {
 public:
  // `label` names the work; `total` units of it are to come; nothing is drawn where `visible` is
  // false or stderr is no terminal.
  Progress(std::string label, std::int64_t total, bool visible = true);
  ~Progress();  // wipes the line
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // States that `done` units are finished and, after the label, what is being done `now`; redraws
  // at most ten times a second.
  void update(std::int64_t done, std::string_view now = {});

  // Writes a line to stderr that stays, whatever it is; the next update draws below it.
  void note(std::string_view line);

 private:
  using Clock = std::chrono::steady_clock;
  std::string label_;
  std::int64_t total_;
  std::int64_t first_ =
      -1;  // units finished before the first update: those of an earlier, killed run
  bool visible_;
  bool drawn_ = false;
  Clock::time_point start_;
  Clock::time_point last_drawn_;
};

}  // namespace noether::base
