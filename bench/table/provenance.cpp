#include "bench/table/provenance.h"

#include <fmt/format.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "base/parallel.h"
#include "bench/table/run_store.h"
#include "dataset/make/provenance.h"

namespace noether::bench {

using Json = nlohmann::ordered_json;

Machine this_machine() {
  Machine machine{.cpu = "unknown", .cores = base::thread_count(0)};
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);) {
    if (!line.starts_with("model name")) continue;
    const auto colon = line.find(": ");
    if (colon != std::string::npos) machine.cpu = line.substr(colon + 2);
    break;
  }
  return machine;
}

std::string command_line(const TableSpec& spec, const TableOptions& options) {
  const TableSettings& settings = options.settings;
  std::string line = fmt::format("noether table {} -o FOLDER{} --seeds {}{}{}", spec.name,
                                 settings.quick ? " --quick" : "", list_text(settings.seeds),
                                 settings.config.set_flags({"quick", "seeds"}),
                                 options.data.empty() ? "" : " --data FILE");
  for (const auto& [name, sha256] : spec.inputs) line += fmt::format(" --{}=FOLDER", name);
  return line;
}

std::string provenance_json(const TableSpec& spec, const TableOptions& options) {
  const Machine machine = this_machine();
  Json inputs = Json::object();
  for (const auto& [name, sha256] : spec.inputs) inputs[name] = sha256;
  const Json json{{"command", command_line(spec, options)},
                  {"settings", options.settings.to_overrides()},
                  {"data_sha256", data_sha256(options.data)},
                  {"inputs", inputs},
                  {"float_type", spec.float_type},
                  {"build", Json::parse(dataset::build_json())},
                  {"machine", {{"cpu", machine.cpu}, {"cores", machine.cores}}}};
  return json.dump(2);
}

}  // namespace noether::bench
