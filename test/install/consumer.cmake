# Installs BUILD, builds the project examples/EXAMPLE against it in FOLDER, and
# runs it on the identity model: the output's data must be the input's.
function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE text
                  ERROR_VARIABLE text)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "failed (${status}): ${ARGN}\n${text}")
  endif()
  set(output "${text}" PARENT_SCOPE)
endfunction()

# The data of the .npy file of the digits batch: its last 7,680 bytes.
function(data_of path variable)
  file(SIZE ${path} size)
  math(EXPR offset "${size} - 4 * 30 * 8 * 8")
  file(READ ${path} data OFFSET ${offset} HEX)
  set(${variable} ${data} PARENT_SCOPE)
endfunction()

file(REMOVE_RECURSE ${FOLDER})
set(batch ${SOURCE}/examples/digits/batch.npy)
run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${FOLDER}/prefix)
run(${CMAKE_COMMAND} -S ${SOURCE}/examples/${EXAMPLE} -B ${FOLDER}/build -G Ninja
    -D CMAKE_PREFIX_PATH=${FOLDER}/prefix -D CMAKE_C_COMPILER=${C_COMPILER}
    -D CMAKE_CXX_COMPILER=${CXX_COMPILER})
run(${CMAKE_COMMAND} --build ${FOLDER}/build)
run(${FOLDER}/build/${EXAMPLE} ${MODEL} ${batch} ${FOLDER}/out.npy)
if(NOT output MATCHES "output: float32\\[30, 1, 8, 8\\]")
  message(FATAL_ERROR "unexpected output: ${output}")
endif()
data_of(${batch} expected)
data_of(${FOLDER}/out.npy actual)
if(NOT actual STREQUAL expected)
  message(FATAL_ERROR "the identity model changed its input")
endif()
