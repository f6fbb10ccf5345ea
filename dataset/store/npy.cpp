#include "dataset/store/npy.h"

#include <fmt/format.h>
#include <libdeflate.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <memory>
#include <regex>
#include <string_view>

#include "base/error.h"

namespace noether::dataset {
namespace {

using Input = std::span<const std::byte>;

template <class T>
T little(Input bytes, std::size_t at) {
  if (at + sizeof(T) > bytes.size()) throw base::DataError("it ends in the middle of an array");
  T value;
  std::memcpy(&value, bytes.data() + at, sizeof(T));
  return value;
}

Input part(Input bytes, std::size_t first, std::size_t count) {
  if (first > bytes.size() || count > bytes.size() - first)
    throw base::DataError("it ends in the middle of an array");
  return bytes.subspan(first, count);
}

std::string_view text_of(Input bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

template <class T>
double element(const std::byte* at, bool is_swapped) {
  std::array<std::byte, sizeof(T)> raw;
  std::copy_n(at, sizeof(T), raw.begin());
  if (is_swapped) std::ranges::reverse(raw);
  return static_cast<double>(std::bit_cast<T>(raw));
}

using Reader = double (*)(const std::byte*, bool);

// of a type as NumPy writes it without its byte order: "f8"
Reader reader_of(const std::string& type) {
  static const std::map<std::string, Reader> readers{
      {"f4", element<float>},         {"f8", element<double>},
      {"i1", element<std::int8_t>},   {"i2", element<std::int16_t>},
      {"i4", element<std::int32_t>},  {"i8", element<std::int64_t>},
      {"u1", element<std::uint8_t>},  {"u2", element<std::uint16_t>},
      {"u4", element<std::uint32_t>}, {"u8", element<std::uint64_t>},
      {"b1", element<std::uint8_t>}};
  const auto found = readers.find(type);
  if (found == readers.end())
    throw base::DataError(fmt::format("an array of type '{}' holds no numbers", type));
  return found->second;
}

struct Header {
  std::string type;
  bool is_swapped = false, is_fortran = false;
  Shape shape;
};

// "{'descr': '<f8', 'fortran_order': False, 'shape': (25, 61, 2), }"
Header parse_header(const std::string& text) {
  static const std::regex descr(R"('descr': *'([<>|=])([a-zA-Z][0-9]+)')"),
      order(R"('fortran_order': *(True|False))"), extents(R"('shape': *\(([0-9, ]*)\))");
  std::smatch of_type, of_order, of_shape;
  if (!std::regex_search(text, of_type, descr) || !std::regex_search(text, of_order, order) ||
      !std::regex_search(text, of_shape, extents)) {
    throw base::DataError("its header is none of an array of numbers");
  }
  Header header{.type = of_type[2],
                .is_swapped = of_type[1] == ">",
                .is_fortran = of_order[1] == "True",
                .shape = {}};
  const std::string shape = of_shape[1];
  static const std::regex number("[0-9]+");
  for (std::sregex_iterator at(shape.begin(), shape.end(), number), end; at != end; ++at)
    header.shape.push_back(std::stoll(at->str()));
  return header;
}

// from the order of Fortran, first axis fastest, to that of C
std::vector<double> transposed(const std::vector<double>& values, const Shape& shape) {
  std::vector<double> out(values.size());
  Shape index(shape.size(), 0);
  for (double& value : out) {
    std::size_t from = 0;
    for (std::size_t axis = shape.size(); axis-- > 0;)
      from = from * static_cast<std::size_t>(shape[axis]) + static_cast<std::size_t>(index[axis]);
    value = values[from];
    for (std::size_t axis = shape.size(); axis-- > 0 && ++index[axis] == shape[axis];)
      index[axis] = 0;
  }
  return out;
}

Bytes inflated(Input packed, std::size_t bytes) {
  const std::unique_ptr<libdeflate_decompressor, decltype(&libdeflate_free_decompressor)> tool(
      libdeflate_alloc_decompressor(), libdeflate_free_decompressor);
  Bytes plain(bytes);
  std::size_t made = 0;
  const auto result = libdeflate_deflate_decompress(tool.get(), packed.data(), packed.size(),
                                                    plain.data(), plain.size(), &made);
  if (result != LIBDEFLATE_SUCCESS || made != bytes)
    throw base::DataError("a compressed array is damaged");
  return plain;
}

// Where the list of the zip's members begins, and how many there are.
struct Directory {
  std::size_t at = 0, members = 0;
};
Directory directory_of(Input zip) {
  constexpr std::uint32_t end_signature = 0x06054b50;
  constexpr std::size_t end_bytes = 22;
  for (std::size_t back = end_bytes; back <= std::min<std::size_t>(zip.size(), 65557); ++back) {
    const std::size_t at = zip.size() - back;
    if (little<std::uint32_t>(zip, at) != end_signature) continue;
    return {little<std::uint32_t>(zip, at + 16), little<std::uint16_t>(zip, at + 10)};
  }
  throw base::DataError("it is no zip archive");
}

}  // namespace

NumberArray parse_npy(Input bytes) {
  if (!text_of(bytes).starts_with("\x93NUMPY")) throw base::DataError("it is no array of NumPy");
  const bool is_first = little<std::uint8_t>(bytes, 6) == 1;
  const std::size_t length =
      is_first ? little<std::uint16_t>(bytes, 8) : little<std::uint32_t>(bytes, 8);
  const std::size_t begin = is_first ? 10 : 12;
  const Header header = parse_header(std::string(text_of(part(bytes, begin, length))));
  const Reader read = reader_of(header.type);
  const auto size = static_cast<std::size_t>(std::stoll(header.type.substr(1)));
  const auto count = static_cast<std::size_t>(element_count(header.shape));
  const Input data = part(bytes, begin + length, count * size);
  NumberArray array{header.shape, std::vector<double>(count)};
  for (std::size_t i = 0; i < count; ++i)
    array.values[i] = read(data.data() + i * size, header.is_swapped);
  if (header.is_fortran) array.values = transposed(array.values, array.shape);
  return array;
}

std::map<std::string, NumberArray> parse_npz(Input zip) {
  std::map<std::string, NumberArray> arrays;
  auto [at, members] = directory_of(zip);
  for (; members > 0; --members) {
    const auto method = little<std::uint16_t>(zip, at + 10);
    const auto packed = little<std::uint32_t>(zip, at + 20);
    const auto plain = little<std::uint32_t>(zip, at + 24);
    const auto name_bytes = little<std::uint16_t>(zip, at + 28);
    const auto extra = little<std::uint16_t>(zip, at + 30),
               comment = little<std::uint16_t>(zip, at + 32);
    const auto local = little<std::uint32_t>(zip, at + 42);
    std::string name(text_of(part(zip, at + 46, name_bytes)));
    if (packed == 0xffffffff || local == 0xffffffff)
      throw base::DataError(fmt::format("'{}' is larger than 4 GiB", name));
    // the local header has a name and an extra field of its own
    const std::size_t data = std::size_t{local} + 30 + little<std::uint16_t>(zip, local + 26) +
                             little<std::uint16_t>(zip, local + 28);
    const Input content = part(zip, data, packed);
    if (name.ends_with(".npy")) name.resize(name.size() - 4);
    arrays[name] = base::with_context(fmt::format("array '{}'", name), [&] {
      if (method == 0) return parse_npy(content);
      if (method == 8) return parse_npy(inflated(content, plain));
      throw base::DataError(fmt::format("it is packed by method {}, which is unknown", method));
    });
    at += 46 + std::size_t{name_bytes} + extra + comment;
  }
  return arrays;
}

}  // namespace noether::dataset
