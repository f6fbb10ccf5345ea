# Writes OUTPUT, a header with the result of `git describe`, only where it differs from what is there.
cmake_minimum_required(VERSION 3.25)
set(describe "v${VERSION}")
if(GIT)
  execute_process(COMMAND ${GIT} describe --always --dirty --match "v*" WORKING_DIRECTORY ${SOURCE}
                  OUTPUT_VARIABLE found OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
  if(NOT failed)
    set(describe "${found}")
  endif()
endif()
file(CONFIGURE OUTPUT ${OUTPUT} CONTENT "#pragma once\n#define NOETHER_GIT_DESCRIBE \"@describe@\"\n" @ONLY)
