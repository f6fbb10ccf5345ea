# Asks a test program for its test cases and writes OUTPUT, a ctest script. Most take milliseconds, and those of a source
# file run together in one process. Those with a tag below run each in a process of its own: [slow], [reference] and
# [regression] are its labels too, [alone] is for what may end its process. All others are labelled 'fast'.
# (catch_discover_tests would run once for each label, and warn wherever a label has no test.)
set(labels slow reference regression)
set(tags ${labels} alone)
set(script "")

# add(NAME LABELS ARGUMENTS): ARGUMENTS as ctest reads them. A test whose arguments match nothing fails.
function(add name labels arguments)
  string(APPEND script "add_test([==[${FOLDER}: ${name}]==] [==[${PROGRAM}]==] ${arguments} --warn NoTests)\n"
    "set_tests_properties([==[${FOLDER}: ${name}]==] PROPERTIES\n"
    "  LABELS \"${labels}\" SKIP_RETURN_CODE 77 TIMEOUT 900)\n")
  set(script "${script}" PARENT_SCOPE)
endfunction()

# list_tests(SPEC RESULT): the names of the tests, each on a line
function(list_tests spec result)
  execute_process(COMMAND ${PROGRAM} ${spec} --list-test-names-only OUTPUT_VARIABLE names)
  set(${result} "\n${names}" PARENT_SCOPE)
endfunction()

# together: Catch gives each test its file's name as a tag
set(others "~[.]")
foreach(tag IN LISTS tags)
  string(APPEND others "~[${tag}]")
endforeach()
execute_process(COMMAND ${PROGRAM} ${others} --filenames-as-tags --list-tags OUTPUT_VARIABLE found)
string(REGEX MATCHALL "\\[#[A-Za-z0-9_]+\\]" files "${found}")
foreach(file IN LISTS files)
  string(REGEX REPLACE "[][#]" "" name "${file}")
  add("${name}" fast "--filenames-as-tags [==[${file}${others}]==]")
endforeach()

# alone. Names may hold brackets and semicolons, so they are taken line by line and never become a list
set(any "")
foreach(tag IN LISTS tags)
  list_tests("[${tag}]~[.]" ${tag}_names)
  list(APPEND any "[${tag}]~[.]")
endforeach()
list(JOIN any "," any)
list_tests("${any}" rest)
while(rest MATCHES "^\n*([^\n]+)\n(.*)$")
  set(name "${CMAKE_MATCH_1}")
  set(rest "${CMAKE_MATCH_2}")
  set(own "")
  foreach(label IN LISTS labels)
    string(FIND "${${label}_names}" "\n${name}\n" place)
    if(NOT place EQUAL -1)
      list(APPEND own ${label})
    endif()
  endforeach()
  if(NOT own)
    set(own fast)
  endif()
  # what the program would read as a pattern is escaped
  string(REGEX REPLACE "([][\\,])" "\\\\\\1" pattern "${name}")
  add("${name}" "${own}" "[==[${pattern}]==]")
endwhile()

if(script STREQUAL "")
  message(FATAL_ERROR "${PROGRAM} contains no tests")
endif()
file(WRITE ${OUTPUT} "${script}")
