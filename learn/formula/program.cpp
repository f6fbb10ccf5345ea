#include "learn/formula/program.h"

#include <algorithm>
#include <cmath>

#include "base/pack_sincos.h"

namespace noether::learn::symbolic {

namespace {

using base::broadcast;
using base::Pack;

// A number and its derivatives, in place.
using Register = std::span<Pack>;

// f(a) where the value of f and of f' at a are known.
void chain(Register a, const Pack& value, const Pack& slope) {
  a[0] = value;
  for (std::size_t d = 1; d < a.size(); ++d) a[d] = slope * a[d];
}

void run_unary(const Instruction& i, Register a) {
  const Pack x = a[0];
  switch (i.op) {
    case Op::sin: {
      const base::SinCos at = base::sincos(x);
      return chain(a, at.sin, at.cos);
    }
    case Op::cos: {
      const base::SinCos at = base::sincos(x);
      return chain(a, at.cos, -1.0 * at.sin);
    }
    case Op::square:
      return chain(a, x * x, 2.0 * x);
    case Op::negate:
      return chain(a, -1.0 * x, broadcast(-1));
    case Op::sqrt: {
      const Pack root = base::sqrt(x);
      return chain(a, root, broadcast(0.5) / root);
    }
    case Op::exp: {
      const Pack value = base::each_lane(x, [](double lane) { return std::exp(lane); });
      return chain(a, value, value);
    }
    case Op::log:
      return chain(a, base::each_lane(x, [](double lane) { return std::log(lane); }),
                   broadcast(1) / x);
    default: {  // a power
      const double n = i.value;
      return chain(a, base::each_lane(x, [n](double lane) { return std::pow(lane, n); }),
                   n * base::each_lane(x, [n](double lane) { return std::pow(lane, n - 1); }));
    }
  }
}

void run_binary(Op op, Register a, std::span<const Pack> b) {
  switch (op) {
    case Op::add:
      for (std::size_t d = 0; d < a.size(); ++d) a[d] = a[d] + b[d];
      return;
    case Op::subtract:
      for (std::size_t d = 0; d < a.size(); ++d) a[d] = a[d] - b[d];
      return;
    case Op::multiply:
      for (std::size_t d = 1; d < a.size(); ++d) a[d] = a[d] * b[0] + a[0] * b[d];
      a[0] = a[0] * b[0];
      return;
    default: {  // divide
      const Pack quotient = a[0] / b[0];
      for (std::size_t d = 1; d < a.size(); ++d) a[d] = (a[d] - quotient * b[d]) / b[0];
      a[0] = quotient;
    }
  }
}

}  // namespace

Program compile(const Expression& e) {
  Program program{.parameters = e.parameter_count()};
  std::int32_t depth = 0;
  for (const Node& n : e.nodes()) {
    depth += 1 - arity(n.op);
    program.instructions.push_back(
        {.op = n.op, .index = n.index, .value = n.value, .at = depth - 1});
    program.registers = std::max(program.registers, static_cast<int>(depth));
  }
  return program;
}

std::span<const Pack> Machine::run(const Program& program, std::span<const Lanes> x,
                                   std::span<const double> parameters) {
  const std::size_t needed = static_cast<std::size_t>(program.registers) * width_;
  if (registers_.size() < needed) registers_.resize(needed);
  const std::span<Pack> all(registers_);
  for (const Instruction& i : program.instructions) {
    const std::size_t first = static_cast<std::size_t>(i.at) * width_;
    switch (arity(i.op)) {
      case 0:
        leaf(i, x, parameters);
        break;
      case 1:
        run_unary(i, all.subspan(first, width_));
        break;
      default:
        run_binary(i.op, all.subspan(first, width_), all.subspan(first + width_, width_));
    }
  }
  return all.first(width_);
}

void Machine::leaf(const Instruction& i, std::span<const Lanes> x,
                   std::span<const double> parameters) {
  const Register to =
      std::span(registers_).subspan(static_cast<std::size_t>(i.at) * width_, width_);
  std::ranges::fill(to, broadcast(0));
  const auto index = static_cast<std::size_t>(i.index);
  if (i.op == Op::input) {
    to[0] = base::load(x[index]);
    to[index + 1] = broadcast(1);
  } else {
    to[0] = broadcast(i.op == Op::parameter ? parameters[index] : i.value);
  }
}

}  // namespace noether::learn::symbolic
