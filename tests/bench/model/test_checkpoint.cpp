#include "bench/model/checkpoint.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>
#include <limits>
#include <string>

#include "base/error.h"
#include "bench/model/training_run.h"
#include "dataset/make/provenance.h"
#include "learn/autodiff/ops.h"
#include "tests/bench/tables/small_models.h"
#include "tests/support/dataset_copy.h"
#include "tests/support/file_bytes.h"
#include "tests/support/temp_folder.h"

using namespace noether;

namespace {

// A folder with a task's data and a model trained on it for thirty steps.
struct Trained {
  test::TempFolder folder;
  bench::Task task;
  bench::Checkpoint checkpoint;
  Trained() {
    test::generate_springs(folder / "a.h5", {{"steps", "30"}});
    task = bench::load_task(folder / "a.h5");
    checkpoint = bench::run_training(test::small_checkpoint(task), task, folder / "m.h5", {});
  }
  std::string load_error(const std::string& name) const {
    return test::message_of<base::DataError>([&] { bench::load_checkpoint(folder / name); });
  }
};

// What version 1.0.0 wrote: output_bias under that name, nothing of warm-up, clipping and batches,
// and the weights of a neural quantity in the unit of their training.
void to_first_version(dataset::Layout& layout) {
  test::attribute_of(layout, "schema_version") = std::string("1.0.0");
  std::ranges::find(layout.attributes, "model_output_bias", &dataset::Attribute::name)->name =
      "output_bias";
  std::erase_if(layout.attributes, [](const auto& a) {
    return a.name == "training_warmup_steps" || a.name == "training_clip_norm" ||
           a.name == "training_batch";
  });
  for (dataset::Array& array : layout.arrays) {
    if (array.path.find("/phi.") == std::string::npos) continue;
    const double factor = array.path.starts_with("weights/")                  ? 1 / 0.3
                          : array.path.starts_with("optimizer/first_moment/") ? 0.3
                                                                              : 0.3 * 0.3;
    std::vector<float> values(array.content.size() / sizeof(float));
    std::memcpy(values.data(), array.content.data(), array.content.size());
    for (std::size_t i = 0; i < values.size(); ++i)
      test::set_element(array, i, static_cast<float>(factor * values[i]));
  }
}

// The largest difference of all values of two sets of weights, relative to the largest in each.
double difference(const learn::Params& a, const learn::Params& b) {
  double worst = 0;
  for (const auto& [name, value] : a) {
    const auto x = value.to_vector(), y = b[name].to_vector();
    double size = 0, off = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      size = std::max(size, std::abs(y[i]));
      off = std::max(off, std::abs(x[i] - y[i]));
    }
    worst = std::max(worst, off / size);
  }
  return worst;
}

bool same(const learn::Params& a, const learn::Params& b) {
  if (a.size() != b.size()) return false;
  return std::ranges::equal(a, b, [](const auto& x, const auto& y) {
    return x.first == y.first && x.second.dtype() == y.second.dtype() &&
           x.second.shape() == y.second.shape() && x.second.to_vector() == y.second.to_vector();
  });
}

}  // namespace

TEST_CASE("a model file gives back all that was put in", "[bench][checkpoint]") {
  const Trained trained;
  const auto& saved = trained.checkpoint;
  const auto read = bench::load_checkpoint(trained.folder / "m.h5");
  REQUIRE(saved.state.step == 30);
  CHECK(read.finished());
  CHECK(read.model->kind() == "mlp");
  CHECK(field_model(read).network()->widths == std::vector<std::int64_t>{2, 6, 5, 2});
  CHECK(read.system == "spring");
  CHECK(read.coordinates == std::vector<std::string>{"q", "p"});
  CHECK(read.data_sha256 == trained.task.content_sha256);
  CHECK(read.noise_std == 0.25);
  CHECK(read.seed == 7);
  CHECK(read.training.steps == 30);
  CHECK(read.training.adam.weight_decay == 1e-4);
  CHECK(read.state.step == 30);
  CHECK(read.state.optimizer.steps == 30);
  CHECK(read.state.loss == saved.state.loss);
  CHECK(read.state.first_loss == saved.state.first_loss);
  CHECK(same(read.state.params, saved.state.params));
  CHECK(same(read.state.optimizer.first_moment, saved.state.optimizer.first_moment));
  CHECK(same(read.state.optimizer.second_moment, saved.state.optimizer.second_moment));
  CHECK_FALSE(same(read.state.params, saved.state.optimizer.first_moment));
  CHECK(read.build == dataset::build_json());
}

TEST_CASE("equal models are equal files, and saving again replaces one by the other",
          "[bench][checkpoint]") {
  const Trained trained;
  const auto bytes = test::read_bytes(trained.folder / "m.h5");
  bench::save_checkpoint(bench::load_checkpoint(trained.folder / "m.h5"), trained.folder / "n.h5");
  CHECK(test::read_bytes(trained.folder / "n.h5") == bytes);
  bench::save_checkpoint(test::small_checkpoint(trained.task), trained.folder / "n.h5");
  CHECK(test::read_bytes(trained.folder / "n.h5") != bytes);
}

TEST_CASE("weights in double precision keep every bit", "[bench][checkpoint]") {
  const Trained trained;
  auto checkpoint = trained.checkpoint;
  checkpoint.state = learn::initial_training_state(checkpoint.model->init(1, learn::DType::f64));
  bench::save_checkpoint(checkpoint, trained.folder / "d.h5");
  CHECK(
      same(bench::load_checkpoint(trained.folder / "d.h5").state.params, checkpoint.state.params));
}

TEST_CASE("a training cut off at a checkpoint ends with the same bytes", "[bench][checkpoint]") {
  const Trained trained;
  const auto expected = test::read_bytes(trained.folder / "m.h5");
  const auto path = trained.folder / "broken.h5";
  const auto start = test::small_checkpoint(trained.task);
  struct Stop {};
  for (const std::int64_t stop : {3, 12, 13, 29}) {
    const auto stops = [stop](const learn::TrainingState& state) {
      if (state.step == stop) throw Stop();
    };
    CHECK_THROWS_AS(bench::run_training(start, trained.task, path,
                                        {.resume = true, .checkpoint_every = 4, .on_step = stops}),
                    Stop);
    CHECK_FALSE(std::filesystem::exists(path));
  }
  REQUIRE(bench::load_checkpoint(bench::partial_model(path)).state.step == 28);
  bench::run_training(start, trained.task, path, {.resume = true});
  CHECK(test::read_bytes(path) == expected);
  CHECK_FALSE(std::filesystem::exists(bench::partial_model(path)));
}

TEST_CASE("a training has the same bytes for any number of threads", "[bench][checkpoint]") {
  const test::TempFolder folder;
  test::generate_springs(folder / "a.h5");
  const bench::Task task = bench::load_task(folder / "a.h5");
  // several pieces, the last of them smaller
  REQUIRE(task.x.shape()[0] == 5 * 301);
  const auto bytes = [&](int jobs) {
    const auto path = folder / (std::to_string(jobs) + ".h5");
    const auto start = test::small_checkpoint(task);
    const auto made = bench::run_training(start, task, path, {.jobs = jobs});
    CHECK_FALSE(same(made.state.params, start.state.params));
    return test::read_bytes(path);
  };
  const auto expected = bytes(1);
  CHECK(bytes(2) == expected);
  CHECK(bytes(3) == expected);
}

TEST_CASE("what is no model file is refused", "[bench][checkpoint]") {
  const Trained trained;
  CHECK_THAT(trained.load_error("none.h5"), Catch::Contains("none.h5' does not exist"));
  CHECK_THAT(trained.load_error("a.h5"),
             Catch::Contains("is no model file: its schema is 'noether/trajectories'"));
  test::write_bytes(trained.folder / "text.h5", "weights\n");
  CHECK_THAT(trained.load_error("text.h5"), Catch::Contains("is not an HDF5 file"));
}

TEST_CASE("a damaged model file is refused", "[bench][checkpoint]") {
  const Trained trained;
  const auto bytes = test::read_bytes(trained.folder / "m.h5");
  test::write_bytes(trained.folder / "flipped.h5", test::flipped(bytes, bytes.size() / 2));
  CHECK_THAT(trained.load_error("flipped.h5"), Catch::Contains("has changed since"));
  test::write_bytes(trained.folder / "cut.h5", bytes.substr(0, bytes.size() / 2));
  CHECK_THAT(trained.load_error("cut.h5"), Catch::Contains("was cut or extended"));
}

TEST_CASE("a model file whose parts do not fit together is refused", "[bench][checkpoint]") {
  const Trained trained;
  const auto changed = [&](auto change) {
    test::rewrite(trained.folder / "m.h5", trained.folder / "b.h5", change);
    return trained.load_error("b.h5");
  };
  CHECK_THAT(changed([](dataset::Layout& layout) {
               std::erase_if(layout.arrays, [](const auto& a) { return a.path == "weights/W2"; });
             }),
             Catch::Contains("the array 'weights/W2' is missing"));
  CHECK_THAT(changed([](dataset::Layout& layout) {
               test::set_element(test::array_of(layout, "weights/W2"), 4,
                                 std::numeric_limits<float>::quiet_NaN());
             }),
             Catch::Contains("holds a number that is not finite in 'weights/W2'"));
  CHECK_THAT(changed([](dataset::Layout& layout) {
               test::set_element(test::array_of(layout, "model/widths"), 1, std::int64_t{7});
             }),
             Catch::Contains("the network expects [7, 2]"));
  CHECK_THAT(changed([](dataset::Layout& layout) {
               test::attribute_of(layout, "model") = std::string("perceptron");
             }),
             Catch::Contains("unknown model 'perceptron'"));
  CHECK_THAT(changed([](dataset::Layout& layout) {
               std::erase_if(layout.attributes, [](const auto& a) { return a.name == "step"; });
             }),
             Catch::Contains("the attribute 'step' is missing"));
}

TEST_CASE("a model file of numbers that make no sense is refused by name", "[bench][checkpoint]") {
  const Trained trained;
  auto checkpoint = test::small_checkpoint(trained.task);
  checkpoint.tailoring = bench::make_tailoring("q^2 + p^2", {.coordinates = {"q", "p"}});
  checkpoint.tailoring->rule = learn::StepRule::sgd;
  checkpoint.tailoring->rate = 0.1;
  bench::save_checkpoint(checkpoint, trained.folder / "t.h5");
  CHECK(bench::load_checkpoint(trained.folder / "t.h5").tailoring->rate == 0.1);
  const auto refused = [&](const std::string& name, const dataset::AttributeValue& value,
                           const std::string& sentence) {
    test::rewrite(trained.folder / "t.h5", trained.folder / "b.h5",
                  [&](dataset::Layout& layout) { test::attribute_of(layout, name) = value; });
    CHECK_THAT(trained.load_error("b.h5"), Catch::Contains("b.h5' " + sentence));
  };
  refused("training_schedule", std::string("staircase"),
          "is no model of this program: no schedule is called 'staircase'");
  refused("inner_steps", std::int64_t{0}, "has 0 inner steps");
  refused("inner_rate", 0.0, "has the inner rate 0");
  refused("inner_rate", std::numeric_limits<double>::infinity(), "has the inner rate inf");
  refused("step", std::int64_t{31}, "has done step 31 of 30");
  refused("step", std::int64_t{-1}, "has done step -1 of 30");
}

TEST_CASE("a model file of the first version is read as one of this", "[bench][checkpoint]") {
  const Trained trained;
  auto start = test::small_checkpoint(trained.task);
  start.tailoring = bench::make_tailoring("network", {.coordinates = {"q", "p"}});
  const auto now = trained.folder / "now.h5", old = trained.folder / "old.h5";
  bench::run_training(start, trained.task, now, {});
  test::rewrite(now, old, to_first_version);
  const auto read = bench::load_checkpoint(old), saved = bench::load_checkpoint(now);
  CHECK(read.model->configuration() == saved.model->configuration());
  CHECK(read.training.warmup_steps == 0);
  CHECK(read.batch == 0);
  // scaled in the file and back again: two roundings of float32
  CHECK(difference(read.state.params, saved.state.params) < 3e-7);
  const auto &was = read.state.optimizer, &is = saved.state.optimizer;
  CHECK(difference(was.first_moment, is.first_moment) < 3e-7);
  CHECK(difference(was.second_moment, is.second_moment) < 3e-7);
  CHECK(difference(was.second_moment, is.first_moment) > 0.1);
}

TEST_CASE("a model file of a later version is refused with what to do", "[bench][checkpoint]") {
  const Trained trained;
  test::rewrite(trained.folder / "m.h5", trained.folder / "b.h5", [](dataset::Layout& layout) {
    test::attribute_of(layout, "schema_version") = std::string("3.0.0");
  });
  CHECK_THAT(trained.load_error("b.h5"),
             Catch::Contains("b.h5' is a model file of version '3.0.0', and this program reads "
                             "1.0.0 and 2.0.0: use the program that wrote it"));
}

TEST_CASE("a model file of two precisions is refused", "[bench][checkpoint]") {
  const Trained trained;
  auto checkpoint = trained.checkpoint;
  auto& moment = checkpoint.state.optimizer.first_moment;
  moment = learn::cast(moment, learn::DType::f64);
  bench::save_checkpoint(checkpoint, trained.folder / "two.h5");
  CHECK_THAT(trained.load_error("two.h5"), Catch::Contains("in another precision"));
}

TEST_CASE("weights that are not finite are not saved", "[bench][checkpoint]") {
  const Trained trained;
  auto checkpoint = trained.checkpoint;
  auto& moment = checkpoint.state.optimizer.second_moment;
  learn::Params spoilt;
  for (const auto& [name, value] : moment) {
    const double factor = name == "W2" ? std::numeric_limits<double>::infinity() : 1;
    spoilt.add(name, scale(value, factor));
  }
  moment = spoilt;
  CHECK_THAT(test::message_of<base::NumericalError>(
                 [&] { bench::save_checkpoint(checkpoint, trained.folder / "new.h5"); }),
             Catch::Contains("'optimizer/second_moment/W2' is not finite"));
  CHECK_FALSE(std::filesystem::exists(trained.folder / "new.h5"));
}
