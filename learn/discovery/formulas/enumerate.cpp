#include "learn/discovery/formulas/enumerate.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "base/error.h"
#include "learn/discovery/formulas/family.h"
#include "learn/discovery/formulas/unit_table.h"
#include "learn/formula/directions.h"

namespace noether::learn::symbolic {

namespace {

// A formula as what it is made of, formulas before it.
struct Tree {
  Node node;
  std::size_t left = 0, right = 0;
};

struct Part {
  Tree tree;
  int unit = 0;
  int parameters = 0;
  bool inputs = false;
  Sum form;
};

class Enumeration {
 public:
  Enumeration(const Language& language, const EnumerationProgress& progress)
      : language_(language),
        progress_(progress),
        units_(language),
        directions_(static_cast<int>(language.inputs.size())) {}

  Candidates run() {
    sizes_.resize(static_cast<std::size_t>(language_.max_nodes) + 1);
    for (std::size_t i = 0; i < language_.inputs.size(); ++i) {
      const Node node{.op = Op::input, .index = static_cast<std::int32_t>(i)};
      consider(1, {node}, units_.of_input(i), apply(node, std::span<const Sum>()));
    }
    const Node node{.op = Op::parameter};
    consider(1, {node}, units_.free(), apply(node, std::span<const Sum>()));
    for (std::size_t size = 2; size < sizes_.size(); ++size) build(size);
    std::ranges::stable_sort(found_.laws, {}, &Expression::size);
    return std::move(found_);
  }

 private:
  void build(std::size_t size) {
    for (const Op op : language_.operations) {
      if (arity(op) == 1) {
        for (const std::size_t a : sizes_[size - 1]) combine(size, op, a, a);
        continue;
      }
      for (std::size_t left = 1; left + 1 < size; ++left) {
        if (commutes(op) && 2 * left + 1 > size) break;
        build_pairs(size, op, left);
      }
    }
    if (progress_) progress_(static_cast<int>(size), found_.distinct);
  }

  void build_pairs(std::size_t size, Op op, std::size_t left) {
    const std::size_t right = size - 1 - left;
    for (const std::size_t a : sizes_[left]) {
      for (const std::size_t b : sizes_[right]) {
        if (!commutes(op) || left != right || a <= b) combine(size, op, a, b);
      }
    }
  }

  void combine(std::size_t size, Op op, std::size_t a, std::size_t b) {
    const Part &x = parts_[a], &y = parts_[b];
    if (!x.inputs && !y.inputs) return;
    const int unit = units_.of(op, x.unit, y.unit);
    if (unit == UnitTable::none) return;
    try {
      const Node node{.op = op};
      std::vector<Sum> operands{x.form};
      if (arity(op) == 2) operands.push_back(shifted_parameters(y.form, x.parameters));
      const Sum form = apply(node, std::span<const Sum>(operands));
      consider(size, {node, a, b}, unit, family(form));
    } catch (const base::NumericalError&) {
      return;  // has no value anywhere
    }
  }

  // Takes a formula up unless there was one like it.
  void consider(std::size_t size, const Tree& tree, int unit, Sum form) {
    const bool inputs = has_input(form);
    if (!inputs && size > 1) return;
    const std::uint64_t key = hash(form) ^ (0x9e3779b97f4a7c15ULL * static_cast<unsigned>(unit));
    if (!forms_.insert(key).second) return;
    if (++found_.distinct % 65536 == 0 && progress_) {
      progress_(static_cast<int>(size), found_.distinct);
    }
    consider_law(size, tree, form);
    if (size + 1 >= sizes_.size()) return;  // nothing is built of it
    sizes_[size].push_back(parts_.size());
    const int parameters = parameter_count(form);
    parts_.push_back({tree, unit, parameters, inputs, std::move(form)});
  }

  void consider_law(std::size_t size, const Tree& tree, const Sum& form) {
    const auto simplest = law(form);
    if (!simplest || !laws_.insert(hash(*simplest)).second || is_outer(tree)) return;
    Expression e = to_expression(*simplest);
    // multiplied out or as a product it may be longer than it was found
    if (e.size() > static_cast<int>(size)) e = to_expression(form);
    if (e.size() > static_cast<int>(size)) e = expression(tree);
    // what depends on one input only is a function of it
    if (e.size() > 1 && inputs_of(e) == 1) return;
    if (!directions_.seen(e)) found_.laws.push_back(std::move(e));
  }

  // Whether it is a function, or with a parameter a scale or a shift, of a smaller formula.
  bool is_outer(const Tree& tree) const {
    const int operands = arity(tree.node.op);
    return operands == 1 ||
           (operands == 2 && (!parts_[tree.left].inputs || !parts_[tree.right].inputs));
  }

  static std::size_t inputs_of(const Expression& e) {
    std::unordered_set<int> columns;
    for (const Node& n : e.nodes()) {
      if (n.op == Op::input) columns.insert(n.index);
    }
    return columns.size();
  }

  Expression expression(const Tree& tree) const {
    int next = 0;
    return written(tree, next);
  }

  Expression written(const Tree& tree, int& next) const {
    if (tree.node.op == Op::parameter) return parameter(next++);
    if (arity(tree.node.op) == 0) return Expression(tree.node);
    const Expression a = written(parts_[tree.left].tree, next);
    if (arity(tree.node.op) == 1) return apply(tree.node.op, a);
    return apply(tree.node.op, a, written(parts_[tree.right].tree, next));
  }

  const Language& language_;
  const EnumerationProgress& progress_;
  UnitTable units_;
  Directions directions_;
  std::vector<Part> parts_;
  std::vector<std::vector<std::size_t>> sizes_;  // of each size, indices into parts_
  std::unordered_set<std::uint64_t> forms_, laws_;
  Candidates found_;
};

}  // namespace

Candidates enumerate(const Language& language, const EnumerationProgress& progress) {
  Candidates result = Enumeration(language, progress).run();
  result.valid = count_formulas(language).valid;
  return result;
}

}  // namespace noether::learn::symbolic
