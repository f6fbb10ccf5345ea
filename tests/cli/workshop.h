#pragma once

// Data and commands of the tests that train.

#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "tests/cli/failure.h"
#include "tests/support/small_datasets.h"
#include "tests/support/temp_folder.h"

namespace noether::test {

using Words = std::vector<std::string>;

// A folder with ten springs in spring.h5.
struct Workshop {
  TempFolder folder;
  Workshop() { generate(small_springs({{"steps", "30"}}), folder / "spring.h5"); }
  std::string at(const std::string& name) const { return folder / name; }

  // `noether train spring.h5 -o NAME` with a small network, unless `more` says otherwise
  Words train(const std::string& name, Words more = {}) const {
    for (const std::string option : {"--widths=12,12", "--steps=40"}) {
      const std::string flag = option.substr(0, option.find('='));
      if (std::ranges::none_of(more, [&](const auto& word) { return word.starts_with(flag); }))
        more.push_back(option);
    }
    more.insert(more.begin(), {"train", at("spring.h5"), "-o", at(name)});
    return more;
  }
  void make(const std::string& name, const Words& more = {}) const {
    REQUIRE(run(train(name, more)).exit_code == 0);
  }
  // such a training is refused and leaves nothing
  void check_refused(const Words& more, int code, const std::string& sentence) const {
    const auto before = names_in(folder.path());
    check_failure(train("new.h5", more), code, sentence);
    CHECK(names_in(folder.path()) == before);
  }
};

// Until the file is there.
inline void wait_for(const std::filesystem::path& path) {
  for (int i = 0; i < 20000 && !std::filesystem::exists(path); ++i)
    std::this_thread::sleep_for(std::chrono::microseconds(500));
  REQUIRE(std::filesystem::exists(path));
}

}  // namespace noether::test
