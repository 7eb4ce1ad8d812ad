# Build macros of msc. A folder's CMakeLists.txt is one call with its sources.
include_guard()

# msc_add_library(<Name> SOURCES ... DEPENDS <tablegen targets> LINK <libraries>):
# a static library with msc's include paths, linked against LLVM and MLIR.
function(msc_add_library name)
  cmake_parse_arguments(ARG "NO_PRECOMPILED" "" "SOURCES;DEPENDS;LINK" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_link_libraries(${name} PUBLIC ${ARG_LINK} ${MSC_MLIR_LIBS})
  target_compile_options(${name} PRIVATE ${MSC_COMPILE_OPTIONS})
  if(NOT ARG_NO_PRECOMPILED)
    target_precompile_headers(${name} REUSE_FROM MSCPrecompiled)
  endif()
  if(ARG_DEPENDS)
    add_dependencies(${name} ${ARG_DEPENDS})
  endif()
  set_target_properties(${name} PROPERTIES POSITION_INDEPENDENT_CODE ON)
endfunction()

# msc_add_dialect(<Name> <mnemonic> [TYPES] SOURCES ...): ODS of
# <Name>Ops.td, its documentation, and the library MSC<Name>IR.
function(msc_add_dialect name mnemonic)
  cmake_parse_arguments(ARG "TYPES;ENUMS" "" "SOURCES;LINK" ${ARGN})
  set(LLVM_TARGET_DEFINITIONS ${name}Ops.td)
  mlir_tablegen(${name}Ops.h.inc -gen-op-decls)
  mlir_tablegen(${name}Ops.cpp.inc -gen-op-defs)
  mlir_tablegen(${name}Dialect.h.inc -gen-dialect-decls -dialect=${mnemonic})
  mlir_tablegen(${name}Dialect.cpp.inc -gen-dialect-defs -dialect=${mnemonic})
  mlir_tablegen(${name}Dialect.md -gen-dialect-doc -dialect=${mnemonic})
  if(ARG_TYPES)
    mlir_tablegen(${name}Types.h.inc -gen-typedef-decls -typedefs-dialect=${mnemonic})
    mlir_tablegen(${name}Types.cpp.inc -gen-typedef-defs -typedefs-dialect=${mnemonic})
  endif()
  if(ARG_ENUMS)
    mlir_tablegen(${name}Enums.h.inc -gen-enum-decls)
    mlir_tablegen(${name}Enums.cpp.inc -gen-enum-defs)
  endif()
  add_public_tablegen_target(MSC${name}IncGen)
  msc_add_library(MSC${name}IR SOURCES ${ARG_SOURCES} DEPENDS MSC${name}IncGen
                  LINK ${ARG_LINK})
endfunction()

# msc_add_passes(<target> <group>): Passes.td of the current folder.
function(msc_add_passes target group)
  set(LLVM_TARGET_DEFINITIONS Passes.td)
  mlir_tablegen(Passes.h.inc -gen-pass-decls -name=${group})
  mlir_tablegen(Passes.md -gen-pass-doc)
  add_public_tablegen_target(${target})
endfunction()

# msc_add_import_rules(<Format>): <Format>Rules.td (which includes Rules/*.td) ->
# C++ table, hook declarations, and the support page.
function(msc_add_import_rules format)
  set(flags -I ${PROJECT_SOURCE_DIR} -I ${PROJECT_SOURCE_DIR}/include -I ${MLIR_INCLUDE_DIRS})
  file(GLOB parts CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/Rules/*.td
       ${PROJECT_SOURCE_DIR}/dialects/MS/IR/*.td)
  set(common ${CMAKE_CURRENT_SOURCE_DIR}/${format}Rules.td ${flags})
  foreach(pair "Rules.inc;rules" "Hooks.inc;hooks" "Rules.md;doc")
    list(GET pair 0 suffix)
    list(GET pair 1 what)
    set(out ${CMAKE_CURRENT_BINARY_DIR}/${format}${suffix})
    add_custom_command(OUTPUT ${out}
      COMMAND msc-tblgen -gen-import-${what} ${common} -o ${out}
      DEPENDS msc-tblgen ${CMAKE_CURRENT_SOURCE_DIR}/${format}Rules.td ${parts}
              ${PROJECT_SOURCE_DIR}/include/msc/Import/ImportRule.td)
    list(APPEND outputs ${out})
  endforeach()
  add_custom_target(MSC${format}RulesIncGen DEPENDS ${outputs})
endfunction()
