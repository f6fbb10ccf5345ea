#include "dataset/exchange/export_minari.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "dataset/exchange/minari_metadata.h"
#include "render/image.h"
#include "tests/support/dataset_copy.h"
#include "tests/support/file_bytes.h"
#include "tests/support/small_datasets.h"
#include "tests/support/temp_folder.h"

using namespace noether;
using dataset::Bytes;
using dataset::DatasetFile;
using Json = nlohmann::json;

namespace {

Json metadata_of(const std::filesystem::path& folder) {
  return Json::parse(test::read_bytes(folder / "data" / "metadata.json"));
}

dataset::H5File data_of(const std::filesystem::path& folder) {
  return dataset::open_h5(folder / "data" / "main_data.hdf5");
}

// three episodes, in a file of their own
class MinariFixture {
 public:
  MinariFixture() { test::generate(test::small_episodes({{"render_size", "32"}}), path()); }

 protected:
  std::filesystem::path path(const std::string& name = "episodes.h5") const {
    return folder_ / name;
  }
  // the same as `change` leaves it, exported
  template <class Change>
  std::filesystem::path export_changed(Change change) const {
    test::rewrite(path(), path("changed.h5"), change);
    dataset::export_minari(DatasetFile(path("changed.h5")), path("changed-v0"));
    return path("changed-v0");
  }

 private:
  test::TempFolder folder_;
};

}  // namespace

TEST_CASE_METHOD(MinariFixture, "every frame comes back from its PNG without loss",
                 "[dataset][export][minari]") {
  const DatasetFile file(path());
  dataset::export_minari(file, path("out-v0"));
  const auto data = data_of(path("out-v0"));
  const auto stored = file.read<std::uint8_t>("episodes/observations/pixels");
  std::vector<std::uint8_t> decoded;
  for (int episode = 0; episode < 3; ++episode) {
    const auto rows =
        data.read_variable_bytes("episode_" + std::to_string(episode) + "/observations/pixels");
    REQUIRE(rows.size() == 21);
    for (const auto& row : rows) {
      const auto image = render::decode_png(row);
      CHECK(image.width_px == 32);
      decoded.insert(decoded.end(), image.rgb.begin(), image.rgb.end());
    }
  }
  CHECK(decoded == stored);
}

TEST_CASE_METHOD(MinariFixture, "an episode has the names, types and extents that Minari reads",
                 "[dataset][export][minari]") {
  const DatasetFile file(path());
  dataset::export_minari(file, path("out-v0"));
  const auto data = data_of(path("out-v0"));
  CHECK(data.array_paths().size() == 3 * 6);
  CHECK(data.attribute("episode_2", "id") == dataset::AttributeValue{std::int64_t{2}});
  CHECK(data.attribute("episode_2", "total_steps") == dataset::AttributeValue{std::int64_t{20}});
  const auto seed = file.read<std::uint64_t>("episodes/seed").at(2);
  CHECK(data.attribute("episode_2", "seed") ==
        dataset::AttributeValue{static_cast<std::int64_t>(seed)});
  const std::pair<const char*, dataset::Shape> expected[] = {{"observations/state", {21, 3}},
                                                             {"actions", {20, 1}},
                                                             {"rewards", {20}},
                                                             {"terminations", {20}},
                                                             {"truncations", {20}}};
  for (const auto& [name, shape] : expected) {
    const std::string copy = std::string("episode_1/") + name;
    const std::string source = std::string("episodes/") + name;
    CHECK(data.describe(copy).shape == shape);
    CHECK(data.describe(copy).type == file.h5().describe(source).type);
    CHECK(data.read_rows(copy, 0, shape[0]) == file.h5().read_rows(source, 1, 1));
  }
}

TEST_CASE_METHOD(MinariFixture, "the metadata state what Minari asks for",
                 "[dataset][export][minari]") {
  const DatasetFile file(path());
  CHECK(dataset::export_minari(file, path("out-v0")) == "out-v0");
  const Json metadata = metadata_of(path("out-v0"));
  CHECK(metadata["dataset_id"] == "out-v0");
  CHECK(metadata["total_episodes"] == 3);
  CHECK(metadata["total_steps"] == 60);
  CHECK(metadata["data_format"] == "hdf5");
  CHECK(metadata["minari_version"] == "0.5.3");
  CHECK(metadata["jpeg_encoding"] == true);
  CHECK(metadata["source_content_sha256"] == file.text("content_sha256"));
  const Json spec = Json::parse(metadata["env_spec"].get<std::string>());
  CHECK(spec["id"] == "Pendulum-v1");
  CHECK(spec["max_episode_steps"] == 20);
}

TEST_CASE_METHOD(MinariFixture, "bounds of spaces are written out element by element",
                 "[dataset][export][minari]") {
  dataset::export_minari(DatasetFile(path()), path("out-v0"));
  const Json metadata = metadata_of(path("out-v0"));
  const Json space = Json::parse(metadata["observation_space"].get<std::string>());
  const Json& pixels = space["subspaces"]["pixels"];
  REQUIRE(pixels["high"].size() == 32);
  REQUIRE(pixels["high"][7].size() == 32);
  CHECK(pixels["high"][7][7] == Json{255, 255, 255});
  CHECK(pixels["low"][0][0] == Json{0, 0, 0});
  CHECK(space["subspaces"]["state"]["high"] == Json{1.0, 1.0, 8.0});
}

TEST_CASE_METHOD(MinariFixture, "the environment is not named where Gymnasium makes another",
                 "[dataset][export][minari]") {
  const auto folder =
      export_changed([](dataset::Layout& layout) { test::attribute_of(layout, "m") = 2.0; });
  CHECK_FALSE(metadata_of(folder).contains("env_spec"));
}

TEST_CASE_METHOD(MinariFixture, "a shorter episode is exported as long as it is",
                 "[dataset][export][minari]") {
  const auto folder = export_changed([](dataset::Layout& layout) {
    test::set_element(test::array_of(layout, "episodes/length"), 1, std::int64_t{7});
  });
  const auto data = data_of(folder);
  CHECK(data.describe("episode_1/rewards").shape == dataset::Shape{7});
  CHECK(data.describe("episode_1/observations/pixels").shape == dataset::Shape{8});
  CHECK(metadata_of(folder)["total_steps"] == 47);
}

TEST_CASE_METHOD(MinariFixture, "lengths and spaces that make no sense are refused",
                 "[dataset][export][minari]") {
  CHECK_THROWS_AS(export_changed([](dataset::Layout& layout) {
                    test::set_element(test::array_of(layout, "episodes/length"), 1,
                                      std::int64_t{21});
                  }),
                  base::DataError);
  CHECK_THROWS_AS(export_changed([](dataset::Layout& layout) {
                    test::attribute_of(layout, "action_space") = std::string("{\"type\": 3");
                  }),
                  base::DataError);
  CHECK_FALSE(std::filesystem::exists(path("changed-v0")));
  CHECK_FALSE(std::filesystem::exists(path("changed-v0.assembling")));
}

TEST_CASE_METHOD(MinariFixture, "the bytes of an export do not depend on the threads",
                 "[dataset][export][minari]") {
  const DatasetFile file(path());
  dataset::export_minari(file, path("a-v0"), {.jobs = 1});
  dataset::export_minari(file, path("b-v0"), {.jobs = 4});
  CHECK(test::read_bytes(path("a-v0") / "data" / "main_data.hdf5") ==
        test::read_bytes(path("b-v0") / "data" / "main_data.hdf5"));
}

TEST_CASE("a film that nothing drives has actions of no numbers and rewards of 0",
          "[dataset][export][minari][film]") {
  const test::TempFolder folder;
  test::generate(test::small_films({{"frames", "32"}}), folder / "film.h5");
  const DatasetFile file(folder / "film.h5");
  CHECK(dataset::export_minari(file, folder / "out-v0") == "out-v0");
  const auto data = data_of(folder / "out-v0");
  CHECK(data.read_variable_bytes("episode_2/observations/pixels").size() == 5);
  CHECK(data.read_rows("episode_2/observations/state", 0, 5) ==
        file.h5().read_rows("episodes/observations/state", 2, 1));
  CHECK(data.describe("episode_2/actions").shape == dataset::Shape{4, 0});
  CHECK(dataset::read_array<double>(data, "episode_2/rewards") == std::vector<double>(4, 0));
  CHECK(data.read_rows("episode_2/truncations", 0, 4).back() == std::byte{1});
  const Json metadata = metadata_of(folder / "out-v0");
  CHECK(metadata["total_steps"] == 12);
  CHECK(metadata["jpeg_encoding"] == true);
  CHECK_FALSE(metadata.contains("env_spec"));
  const Json actions = Json::parse(metadata["action_space"].get<std::string>());
  CHECK(actions["shape"] == Json{0});
  const Json states = Json::parse(metadata["observation_space"].get<std::string>());
  CHECK(states["subspaces"]["state"]["high"].size() == 8);
}

TEST_CASE("grey films are plain arrays for Minari", "[dataset][export][minari][film]") {
  const test::TempFolder folder;
  test::generate(test::small_films({{"frames", "32"}, {"channels", "1"}}), folder / "film.h5");
  dataset::export_minari(DatasetFile(folder / "film.h5"), folder / "out-v0");
  CHECK(data_of(folder / "out-v0").describe("episode_0/observations/pixels").shape ==
        dataset::Shape{5, 32, 32, 1});
  CHECK(metadata_of(folder / "out-v0")["jpeg_encoding"] == false);
}

TEST_CASE("trajectories are no Minari dataset", "[dataset][export][minari]") {
  const test::TempFolder folder;
  test::generate(test::small_springs(), folder / "a.h5");
  CHECK_THROWS_AS(dataset::export_minari(DatasetFile(folder / "a.h5"), folder / "out-v0"),
                  base::UsageError);
  CHECK_FALSE(std::filesystem::exists(folder / "out-v0"));
}

TEST_CASE("a folder that is no Minari id gets one from the system", "[dataset][export][minari]") {
  CHECK(dataset::minari_id("swing-up-v3", "pixel-pendulum") == "swing-up-v3");
  CHECK(dataset::minari_id("export", "pixel-pendulum") == "pixel-pendulum-v0");
  CHECK(dataset::minari_id("-v1", "pixel-pendulum") == "pixel-pendulum-v0");
  CHECK(dataset::minari_id("export-v", "pixel-pendulum") == "pixel-pendulum-v0");
  CHECK(dataset::minari_id("export-v1x", "pixel-pendulum") == "pixel-pendulum-v0");
  CHECK(dataset::minari_id("a b-v1", "pixel-pendulum") == "pixel-pendulum-v0");
}
