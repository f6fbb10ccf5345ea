#pragma once

// Data, models and commands of the tests that tailor.

#include <nlohmann/json.hpp>

#include "tests/cli/workshop.h"

namespace noether::test {

inline const std::string formula = "q^2 + p^2";

// Springs, and a model of them that is far from good: tailoring has something to do.
struct Studio : Workshop {
  Studio() { make("m.h5", {"--steps", "200", "--learning-rate", "3e-3"}); }

  // `noether evaluate NAME spring.h5 ...`
  Words evaluate(const std::string& name, const Words& more = {}) const {
    Words words{"evaluate", at(name), at("spring.h5")};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  // {row: its JSON}, in the order of the file
  nlohmann::ordered_json rows(const std::string& name, Words more = {}) const {
    more.insert(more.end(), {"--horizon", "3", "--json"});
    const auto result = run(evaluate(name, more));
    REQUIRE(result.exit_code == 0);
    const auto json = nlohmann::ordered_json::parse(result.out);
    nlohmann::ordered_json rows;
    for (const auto& row : json.at("rows")) rows[row["row"].get<std::string>()] = row;
    return rows;
  }
  // a meta-tailored model that goes on from m.h5
  Words meta(const std::string& name, const Words& more) const {
    Words words{"train",  at("spring.h5"), "-o",         at(name),
                "--from", at("m.h5"),      "--schedule", "linear"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  void make_meta(const std::string& name, Words more) const {
    more.insert(more.end(), {"--steps", "20"});
    const auto result = run(meta(name, more));
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
  }
};

}  // namespace noether::test
