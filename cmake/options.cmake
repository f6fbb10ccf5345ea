# Every compile flag of the project, as one INTERFACE target: warnings, architecture, sanitizers.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})

option(NOETHER_WERROR "Treat warnings as errors" OFF)
set(NOETHER_SANITIZE "" CACHE STRING "Sanitizers, as in -fsanitize=: 'address,undefined' or 'thread'")
option(NOETHER_COVERAGE "Instrument for coverage" OFF)

# One architecture for all targets, recorded in every file written. Another one may give other digits.
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  set(noether_default_arch x86-64-v3)
else()
  set(noether_default_arch "")
endif()
set(NOETHER_ARCH "${noether_default_arch}" CACHE STRING "Value of -march=; empty for the compiler's default")

add_library(noether_options INTERFACE)
target_include_directories(noether_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(noether_options INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wold-style-cast -Wnon-virtual-dtor
  $<$<BOOL:${NOETHER_WERROR}>:-Werror>
  # a fused multiply-add rounds once where Gymnasium rounds twice: fuse only where the code says so
  -ffp-contract=off
  $<$<BOOL:${NOETHER_ARCH}>:-march=${NOETHER_ARCH}>
  $<$<BOOL:${NOETHER_COVERAGE}>:--coverage>)
target_link_options(noether_options INTERFACE $<$<BOOL:${NOETHER_COVERAGE}>:--coverage>)
# for targets that compute little: their release compiles in two thirds of the time
add_library(noether_light INTERFACE)
target_compile_options(noether_light INTERFACE $<$<CONFIG:Release>:-O1>)
if(NOETHER_SANITIZE)
  target_compile_options(noether_options INTERFACE
    -fsanitize=${NOETHER_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(noether_options INTERFACE -fsanitize=${NOETHER_SANITIZE})
  # GCC's own page on it: with a sanitizer it warns of values that are always set (a std::variant here)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND NOETHER_SANITIZE MATCHES "address")
    target_compile_options(noether_options INTERFACE -Wno-maybe-uninitialized)
  endif()
endif()
