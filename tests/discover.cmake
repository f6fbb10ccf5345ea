# Asks a test program for its test cases and writes OUTPUT, a ctest script that runs each in a process of its own. Its
# labels are those of its tags [slow], [reference] and [regression]; 'fast' where it has none of them.
# (catch_discover_tests would run once for each label, and warn wherever a label has no test.)
function(list_tests spec result)
  execute_process(COMMAND ${PROGRAM} ${spec} --list-test-names-only OUTPUT_VARIABLE names)
  set(${result} "\n${names}" PARENT_SCOPE)
endfunction()

list_tests("~[.]" all)
set(tags slow reference regression)
foreach(tag IN LISTS tags)
  list_tests("[${tag}]" ${tag}_names)
endforeach()

# names may hold brackets and semicolons, so they are taken line by line and never become a list
set(script "")
set(rest "${all}")
while(rest MATCHES "^\n*([^\n]+)\n(.*)$")
  set(name "${CMAKE_MATCH_1}")
  set(rest "${CMAKE_MATCH_2}")
  set(labels "")
  foreach(tag IN LISTS tags)
    string(FIND "${${tag}_names}" "\n${name}\n" place)
    if(NOT place EQUAL -1)
      list(APPEND labels ${tag})
    endif()
  endforeach()
  if(NOT labels)
    set(labels fast)
  endif()
  # what the program would read as a pattern is escaped; a name that matches nothing must fail
  string(REGEX REPLACE "([][\\,])" "\\\\\\1" pattern "${name}")
  string(APPEND script "add_test([==[${FOLDER}: ${name}]==] [==[${PROGRAM}]==] [==[${pattern}]==] --warn NoTests)\n"
    "set_tests_properties([==[${FOLDER}: ${name}]==] PROPERTIES\n"
    "  LABELS \"${labels}\" SKIP_RETURN_CODE 77 TIMEOUT 900)\n")
endwhile()
if(script STREQUAL "")
  message(FATAL_ERROR "${PROGRAM} contains no tests")
endif()
file(WRITE ${OUTPUT} "${script}")
