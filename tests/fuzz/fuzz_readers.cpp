// fuzz_readers [CASES] [SEED]: damages files in random ways and gives them to everything that reads
// one. It ends with 1 where a reader accepts changed content of a sealed file or throws what is no
// base::Error; a crash or a hang ends it by itself.

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/random.h"
#include "dataset/exchange/inspect.h"
#include "dataset/exchange/validate.h"
#include "dataset/make/catalogue.h"
#include "dataset/make/generate.h"
#include "dataset/make/rollout.h"
#include "dataset/store/dataset_file.h"
#include "dataset/store/spool.h"
#include "tests/support/file_bytes.h"
#include "tests/support/foreign_file.h"
#include "tests/support/temp_folder.h"

namespace {

using namespace noether;
namespace fs = std::filesystem;

constexpr unsigned seconds_a_case =
    60;  // several times what the slowest one takes under sanitizers

// A kind of file with its intact bytes and the readers that will meet the damaged ones.
struct Target {
  std::string name;
  std::string intact;
  bool sealed = false;           // then no change may go unnoticed
  std::int64_t one_case_in = 1;  // slow ones come less often
  std::vector<std::function<void(const fs::path&)>> readers;
};

// The position of a change: anywhere, or among the first bytes, where the structure stands.
std::size_t position(base::RandomStream& random, std::size_t size) {
  const double reach =
      random.uniform() < 0.5 ? 1.0 : std::min(1.0, 4096.0 / static_cast<double>(size));
  return static_cast<std::size_t>(random.uniform() * reach * static_cast<double>(size));
}

// A truncation, one to eight changed bytes, a range of zeros, or a piece copied elsewhere.
std::string damaged(const std::string& intact, base::RandomStream& random) {
  std::string bytes = intact;
  switch (random.bits() % 4) {
    case 0:
      bytes.resize(static_cast<std::size_t>(random.uniform() * static_cast<double>(bytes.size())));
      break;
    case 1:
      for (std::uint64_t i = 0, n = 1 + random.bits() % 8; i < n; ++i) {
        bytes[position(random, bytes.size())] ^= static_cast<char>(1U << (random.bits() % 8));
      }
      break;
    case 2: {
      const std::size_t at = position(random, bytes.size());
      const std::size_t length = std::min<std::size_t>(1 + random.bits() % 64, bytes.size() - at);
      std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), length, '\0');
      break;
    }
    default: {
      const std::size_t from = position(random, bytes.size());
      const std::size_t to = position(random, bytes.size());
      bytes.replace(to, 16, intact.substr(from, 16));
    }
  }
  return bytes;
}

// Reads the damaged file every way; true where every reader that returned without complaint was
// entitled to.
bool survives(const Target& target, const fs::path& path, const std::string& bytes) {
  test::write_bytes(path, bytes);
  bool refused = true;
  for (const auto& reader : target.readers) {
    try {
      reader(path);
      refused = false;
    } catch (const base::Error&) {
      // what a reader should say of a damaged file
    }
  }
  return refused || !target.sealed || bytes == target.intact;
}

std::string generated(const std::string& name, const dataset::Overrides& settings,
                      const fs::path& path) {
  dataset::generate(dataset::make_recipe(dataset::make_config(name, settings)), path, {.jobs = 1});
  return test::read_bytes(path);
}

void require_valid(const fs::path& path) {
  if (dataset::violation_count(dataset::validate(path, {.replay = 1, .jobs = 1})) > 0) {
    throw base::DataError("not valid");
  }
}

std::vector<Target> make_targets(const test::TempFolder& folder) {
  const std::vector<std::function<void(const fs::path&)>> sealed_readers{
      [](const fs::path& path) { static_cast<void>(dataset::inspect(path)); },
      [](const fs::path& path) { dataset::DatasetFile file(path); }};
  std::vector<Target> targets{
      {"state", generated("spring", {{"n", "4"}}, folder / "state.h5"), true, 1, sealed_readers},
      {"video",
       generated("pixel-pendulum", {{"n", "2"}, {"steps", "5"}, {"render_size", "16"}},
                 folder / "video.h5"),
       true, 1, sealed_readers},
      {"validated", "", true, 200, {require_valid}}};
  targets[2].intact = targets[0].intact;

  test::write_foreign(folder / "starts.h5",
                      {{"initial_state", {3, 2}, test::Doubles{0.1, 0.2, 0.3, 0.4, 0.5, 0.6}},
                       {"time", {3}, test::Doubles{0, 0.5, 1}}});
  targets.push_back(
      {"starts", test::read_bytes(folder / "starts.h5"), false, 4, {[](const fs::path& path) {
         static_cast<void>(dataset::rollout_recipe("pendulum", path, {}));
       }}});
  {
    auto spool = dataset::Spool::create(folder / "spool", "header");
    for (int i = 0; i < 5; ++i) spool.append(dataset::Bytes(40, std::byte{7}));
  }
  // a damaged record is cut off, which is what resuming is for: only what is kept must be intact
  targets.push_back(
      {"spool", test::read_bytes(folder / "spool"), false, 1, {[](const fs::path& path) {
         const auto spool = dataset::Spool::resume(path);
         for (std::int64_t i = 0; i < spool.records(); ++i) {
           if (spool.read(i) != dataset::Bytes(40, std::byte{7})) std::abort();
         }
       }}});
  return targets;
}

int run(std::int64_t cases, std::uint64_t seed) {
  const test::TempFolder folder;
  const auto targets = make_targets(folder);
  std::vector<std::int64_t> counts(targets.size(), 0);
  for (std::int64_t i = 0; i < cases; ++i) {
    base::RandomStream random(seed, base::Purpose::noise, static_cast<std::uint64_t>(i));
    const std::size_t k = random.bits() % targets.size();
    const Target& target = targets[k];
    if (static_cast<std::int64_t>(random.bits() % 1000) % target.one_case_in != 0) continue;
    ++counts[k];
    alarm(seconds_a_case);
    if (!survives(target, folder / "damaged", damaged(target.intact, random))) {
      fmt::print("case {} of seed {}: a changed {} file was accepted\n", i, seed, target.name);
      return 1;
    }
  }
  for (std::size_t k = 0; k < targets.size(); ++k)
    fmt::print("{:<10} {} cases\n", targets[k].name, counts[k]);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::int64_t cases = argc > 1 ? std::atoll(argv[1]) : 10'000;
  const std::uint64_t seed = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1;
  return run(cases, seed);
}
