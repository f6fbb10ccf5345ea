#pragma once

// Parameters that a formula is affine in need no search: an eigenvector gives them.

#include <vector>

#include "learn/discovery/points.h"

namespace noether::learn::symbolic {

// For each parameter whether the formula is affine in it, jointly with all others so named: no two
// of them are multiplied, none divides and none is inside a function.
std::vector<bool> affine_parameters(const Expression& e);

// `parameters` with the affine ones replaced by those that minimise
//     sum_i w_i (n_i . v_i)^2 / sum_i w_i n_i^T C n_i,   n = grad f = m_0 + c_1 m_1 + ... + c_k
//     m_k,
// with m_0 = grad f where they are zero, m_j the change of it by unit c_j, and w_i = 1 / sum_j
// m_j^T C m_j at point i: the eigenvector of A u = lambda B u of the least lambda, scaled to
// u_0 = 1 (by its largest element where m_0 is zero), A = sum w (m . v)(m . v)^T, B = sum w m^T C
// m. Those that move nothing are 1.
std::vector<double> linear_guess(const Program& program, const Points& points,
                                 std::vector<double> parameters, const std::vector<bool>& affine,
                                 Machine& machine);

}  // namespace noether::learn::symbolic
