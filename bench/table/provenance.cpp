#include "bench/table/provenance.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "base/parallel.h"
#include "base/text.h"
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
  // a list of one seed ends with a comma: a number alone says how many
  std::string line =
      fmt::format("noether table {} -o FOLDER --seeds {}{} --noise {}", spec.name,
                  fmt::join(options.seeds, ","), options.seeds.size() == 1 ? "," : "",
                  fmt::join(options.noises, ","));
  if (!options.data.empty()) line += " --data FILE";
  if (options.scratch) line += " --scratch";
  if (options.quick) line += " --quick";
  if (options.weight_decay != TableOptions{}.weight_decay) {
    line += fmt::format(" --weight-decay {}", base::format_double(options.weight_decay));
  }
  if (!options.rows.empty()) line += fmt::format(" --rows {}", fmt::join(options.rows, ","));
  return line;
}

std::string provenance_json(const TableSpec& spec, const TableOptions& options) {
  const Machine machine = this_machine();
  const Json json{{"command", command_line(spec, options)},
                  {"seeds", options.seeds},
                  {"noises", options.noises},
                  {"scratch", options.scratch},
                  {"quick", options.quick},
                  {"weight_decay", options.weight_decay},
                  {"rows", options.rows},
                  {"data_sha256", data_sha256(options)},
                  {"float_type", spec.float_type},
                  {"build", Json::parse(dataset::build_json())},
                  {"machine", {{"cpu", machine.cpu}, {"cores", machine.cores}}}};
  return json.dump(2);
}

}  // namespace noether::bench
