#pragma once

// The processor's own instructions, for files that are compiled for them.

// GCC bug 105593: intrinsics that leave a register undefined on purpose are warned about
#ifndef __clang__
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

#include <immintrin.h>
