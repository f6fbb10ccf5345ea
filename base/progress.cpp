#include "base/progress.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

namespace noether::base {

namespace {

// The first of the lines that does not reach the right edge of the terminal, where it would wrap
// and could not be wiped; else the last.
std::string fitting(const std::vector<std::string>& lines) {
  winsize window{};
  const bool is_known = ioctl(STDERR_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_col > 0;
  for (const std::string& line : lines)
    if (!is_known || line.size() < window.ws_col) return line;
  return lines.back();
}

}  // namespace

Progress::Progress(std::string label, std::int64_t total, bool visible)
    : label_(std::move(label)),
      total_(std::max<std::int64_t>(total, 1)),
      visible_(visible && isatty(STDERR_FILENO) != 0),
      start_(Clock::now()),
      last_drawn_(start_) {}

Progress::~Progress() {
  if (drawn_) std::fputs("\r\x1b[K", stderr);
}

void Progress::update(std::int64_t done, std::string_view now) {
  if (first_ < 0) first_ = std::max<std::int64_t>(done - 1, 0);
  const auto time = Clock::now();
  if (!visible_ || time - last_drawn_ < std::chrono::milliseconds(100)) return;
  last_drawn_ = time;
  drawn_ = true;
  constexpr int width = 30;
  const double share = static_cast<double>(done) / static_cast<double>(total_);
  const double seconds = std::chrono::duration<double>(time - start_).count();
  // before the first unit is done nobody knows how long one takes
  const std::string left =
      done == first_ ? ""
                     : fmt::format("  {:.0f} s left", seconds * static_cast<double>(total_ - done) /
                                                          static_cast<double>(done - first_));
  const int filled = std::clamp(static_cast<int>(share * width), 0, width);
  const std::string percent = fmt::format("{:.0f} %", 100 * share);
  const std::string counted =
      fmt::format(" {:>5}  {}/{}{}{}{}", percent, done, total_, left, now.empty() ? "" : "  ", now);
  const std::string bar = fmt::format(" [{:#<{}}{:.<{}}]", "", filled, "", width - filled);
  fmt::print(stderr, "\r\x1b[K{}",
             fitting({label_ + bar + counted, label_ + counted, label_ + " " + percent, percent}));
  std::fflush(stderr);
}

void Progress::note(std::string_view line) {
  fmt::print(stderr, "{}{}\n", drawn_ ? "\r\x1b[K" : "", line);
  std::fflush(stderr);
  drawn_ = false;
}

}  // namespace noether::base
