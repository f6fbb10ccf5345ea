// A model that learns from trajectories alone: from a user's table to the law in its field.

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "tests/cli/killed.h"
#include "tests/cli/workshop.h"
#include "tests/support/file_bytes.h"

using namespace noether;
using test::check_failure;
using test::read_bytes;
using test::run;
using test::TempFolder;
using test::Words;
using test::Workshop;

namespace {

constexpr int usage = 2;
constexpr int data = 3;

// Springs, each at uneven times of its own, from 25 to 34 points long.
std::string springs() {
  std::string text = "run,t,q,p\n";
  for (int i = 0; i < 10; ++i) {
    const double size = 0.5 + 0.08 * i;
    double t = 0;
    for (int n = 0; n < 25 + i; ++n) {
      text += fmt::format("{},{:.5f},{:.8f},{:.8f}\n", i, t, size * std::sin(2 * t + i),
                          size * std::cos(2 * t + i));
      t = std::round((t + 0.04 + 0.03 * std::sin(n + i)) * 1e5) / 1e5;
    }
  }
  return text;
}

}  // namespace

TEST_CASE("node learns from a table without derivatives, predicts, and its field has the law",
          "[cli][node]") {
  const TempFolder folder;
  const std::string table = folder / "springs.csv", file = folder / "springs.h5",
                    model = folder / "node.h5";
  test::write_bytes(table, springs());
  REQUIRE(run({"import", "csv", table, "-o", file}).exit_code == 0);
  const auto trained =
      run({"train", file, "-o", model, "--model", "node", "--widths", "16,16", "--steps", "600"});
  INFO(trained.err);
  REQUIRE(trained.exit_code == 0);
  const auto judged = run({"evaluate", model, file, "--conserve", "q^2 + p^2", "--json"});
  REQUIRE(judged.exit_code == 0);
  CHECK_THAT(judged.out, Catch::Contains("\"node\""));
  const auto found = run({"discover", file, "--model", model, "--tolerance", "0.1", "--json"});
  INFO(found.err);
  REQUIRE(found.exit_code == 0);
  const auto json = nlohmann::json::parse(found.out);
  CHECK(json["derivatives"] == "node 2-16-16-2");
  // the errors of the field are those of a short training, and far from what derivatives here have
  CHECK(json["derivative_error"] > 1e-4);
  CHECK(json["derivative_error"] < 0.1);
  CHECK(json["formulas"]["laws"][0]["formula"] == "q^2 + p^2");
  CHECK(json["formulas"]["laws"][0]["conserved"] == true);
  CHECK_THAT(run({"discover", file, "--model", model}).out,
             Catch::Contains("combinations of functions are not sought in a model"));
}

TEST_CASE("a node that is killed and resumed ends with the same bytes, for any jobs",
          "[cli][node]") {
  const Workshop shop;
  const Words more{"--model", "node", "--steps", "600", "--checkpoint-every", "30"};
  const auto with_jobs = [&](const char* jobs) {
    Words words = more;
    words.insert(words.end(), {"--jobs", jobs});
    return words;
  };
  shop.make("whole.h5", with_jobs("1"));
  test::kill_thrice_and_resume(shop.train("broken.h5", with_jobs("2")), shop.at("broken.h5"));
  CHECK(read_bytes(shop.at("broken.h5")) == read_bytes(shop.at("whole.h5")));
}

TEST_CASE("node has defaults of its own, and conserves", "[cli][node]") {
  const Workshop shop;
  shop.make("node.h5", {"--model", "node"});
  const auto said = run({"inspect", shop.at("node.h5")}).out;
  for (const char* words : {"--learning-rate 0.003", "--weight-decay 0", "--schedule linear",
                            "--clip-norm 0.01", "--batch 50"})
    CHECK_THAT(said, Catch::Contains(words));
  shop.make("more.h5", {"--from", shop.at("node.h5"), "--conserve", "q^2 + p^2", "--segment", "9"});
  CHECK_THAT(run({"evaluate", shop.at("more.h5"), shop.at("spring.h5")}).out,
             Catch::Contains("meta-formula"));
}

TEST_CASE("what node cannot learn from is refused", "[cli][node]") {
  const Workshop shop;
  shop.check_refused({"--segment", "7"}, usage,
                     "--segment: --model mlp learns from derivatives, point by point");
  shop.check_refused({"--model", "node", "--conserve", "network"}, usage,
                     "--conserve network learns from derivatives, and --model node knows none");
  shop.check_refused({"--model", "node", "--denoise"}, usage,
                     "--denoise integrates derivatives, and --model node learns without them");
  shop.check_refused({"--model", "node", "--segment", "100"}, data,
                     "no trajectory has a segment of 100 points");
  shop.make("mlp.h5");
  shop.check_refused({"--model", "node", "--from", shop.at("mlp.h5")}, usage,
                     "leave out --model and --widths");
}
