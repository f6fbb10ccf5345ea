# Every third-party library, found where Debian 12 puts it; nothing is vendored, nothing downloaded.
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(Boost 1.74 REQUIRED)            # Odeint, headers only
find_package(CLI11 2.1 REQUIRED)
find_package(Eigen3 3.4 REQUIRED NO_MODULE)
find_package(fmt 9 REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(OpenSSL REQUIRED)               # SHA-256
find_package(HDF5 1.10.8 REQUIRED COMPONENTS C HL)  # its module compiles a C file, hence LANGUAGES C
pkg_check_modules(CAIRO REQUIRED IMPORTED_TARGET cairo)
pkg_check_modules(WEBP REQUIRED IMPORTED_TARGET libwebp libwebpmux)
pkg_check_modules(DEFLATE REQUIRED IMPORTED_TARGET libdeflate)
pkg_check_modules(TOMLPLUSPLUS REQUIRED IMPORTED_TARGET tomlplusplus)
if(NOETHER_BUILD_TESTS)
  find_package(Catch2 2.13 REQUIRED)
  find_package(rapidcheck REQUIRED)
endif()
if(NOETHER_BUILD_BENCH)
  find_package(benchmark 1.7 REQUIRED)
endif()

find_path(RANDOM123_INCLUDE_DIR Random123/philox.h REQUIRED)
