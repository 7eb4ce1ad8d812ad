# Rewrites bitcode INPUT as OUTPUT without function attributes that tie code
# to one CPU: a kernel compiled for any CPU can then inline every function.
execute_process(COMMAND ${LLVM_DIS} ${INPUT} -o ${OUTPUT}.ll
                COMMAND_ERROR_IS_FATAL ANY)
file(READ ${OUTPUT}.ll text)
string(REGEX REPLACE
  " \"(target-cpu|target-features|tune-cpu|min-legal-vector-width|stack-protector-buffer-size)\"=\"[^\"]*\""
  "" text "${text}")
file(WRITE ${OUTPUT}.ll "${text}")
execute_process(COMMAND ${LLVM_AS} ${OUTPUT}.ll -o ${OUTPUT}
                COMMAND_ERROR_IS_FATAL ANY)
