#pragma once

// Episodes, models and commands of the tests of video predictors.

#include "tests/cli/workshop.h"

namespace noether::test {

// A folder with 30 episodes of 12 frames in episodes.h5: the model sees 16 x 16 px.
struct FilmStudio {
  TempFolder folder;
  FilmStudio() { film("episodes.h5"); }
  std::string at(const std::string& name) const { return folder / name; }

  void film(const std::string& name, dataset::Overrides overrides = {}) const {
    for (const auto& [key, value] : dataset::Overrides{{"n", "30"},
                                                       {"steps", "11"},
                                                       {"render_size", "32"},
                                                       {"policy", "wandering"},
                                                       {"train_share", "0.6"},
                                                       {"valid_share", "0.2"}})
      overrides.try_emplace(key, value);
    generate(recipe_of("pixel-pendulum", overrides), at(name));
  }

  // `noether train episodes.h5 -o NAME` with a tiny network that predicts 8 frames
  Words train(const std::string& name, const Words& more = {}) const {
    Words words{"train",      at("episodes.h5"), "-o",      at(name), "--set",
                "features=2", "--set",           "code=4",  "--set",  "memory=8",
                "--set",      "horizon=8",       "--batch", "6"};
    if (std::ranges::find(more, "--steps") == more.end())
      words.insert(words.end(), {"--steps", "20"});
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  void make(const std::string& name, const Words& more = {}) const {
    const auto result = run(train(name, more));
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
  }
  // such a training is refused and leaves nothing
  void check_refused(const Words& more, int code, const std::string& sentence) const {
    const auto before = names_in(folder.path());
    check_failure(train("new.h5", more), code, sentence);
    CHECK(names_in(folder.path()) == before);
  }
};

}  // namespace noether::test
