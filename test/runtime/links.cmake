# Fails unless LIBRARY, and all it pulls in, is free of LLVM, MLIR and protobuf,
# and unless it exports mscrt_* only.
execute_process(COMMAND ldd ${LIBRARY} OUTPUT_VARIABLE libraries
                RESULT_VARIABLE status)
if(NOT status EQUAL 0 OR NOT libraries MATCHES "libc\\.so")
  message(FATAL_ERROR "ldd failed on ${LIBRARY}: ${libraries}")
endif()
string(TOLOWER "${libraries}" lower)
if(lower MATCHES "llvm|mlir|protobuf|libprotoc|absl")
  message(FATAL_ERROR "${LIBRARY} links what the runtime must not: ${libraries}")
endif()
execute_process(COMMAND readelf --dyn-syms --wide ${LIBRARY}
                OUTPUT_VARIABLE symbols RESULT_VARIABLE status)
string(REGEX MATCHALL "(GLOBAL|WEAK) +DEFAULT +[0-9]+ [^\n]+" defined "${symbols}")
if(NOT status EQUAL 0 OR NOT defined)
  message(FATAL_ERROR "readelf found no symbols in ${LIBRARY}")
endif()
foreach(symbol ${defined})
  if(NOT symbol MATCHES " mscrt_[a-z0-9_]+$")
    message(FATAL_ERROR "${LIBRARY} exports more than mscrt_*: ${symbol}")
  endif()
endforeach()
