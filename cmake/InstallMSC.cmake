# What `cmake --install` puts where, and what find_package(msc) then offers:
# the target msc::mscrt (the runtime, C and C++).
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/msc)

if(TARGET mscrt_shared)
  set_target_properties(mscrt_shared PROPERTIES EXPORT_NAME mscrt)
  install(TARGETS mscrt_shared EXPORT mscTargets
          LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
  install(DIRECTORY runtime/include/mscrt
          DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
  install(EXPORT mscTargets NAMESPACE msc:: DESTINATION ${package_dir})
  configure_package_config_file(cmake/mscConfig.cmake.in
    ${PROJECT_BINARY_DIR}/mscConfig.cmake INSTALL_DESTINATION ${package_dir})
  write_basic_package_version_file(${PROJECT_BINARY_DIR}/mscConfigVersion.cmake
    COMPATIBILITY SameMinorVersion)
  install(FILES ${PROJECT_BINARY_DIR}/mscConfig.cmake
                ${PROJECT_BINARY_DIR}/mscConfigVersion.cmake
          DESTINATION ${package_dir})
endif()

foreach(tool msc-compile msc-run msc-opt msc-translate msc-lsp-server)
  if(TARGET ${tool})
    install(TARGETS ${tool} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
  endif()
endforeach()

# Completions for bash and zsh, made from what the tools list of themselves.
if(NOT CMAKE_CROSSCOMPILING)
  set(completed msc-run)
  if(TARGET msc-compile)
    set(completed msc-compile msc-run)
  endif()
  set(folder ${PROJECT_BINARY_DIR}/completions)
  set(scripts ${PROJECT_SOURCE_DIR}/cmake/Completion.cmake
              ${PROJECT_SOURCE_DIR}/cmake/completion.bash)
  add_custom_command(OUTPUT ${folder}/msc-compile.bash ${folder}/_msc
    COMMAND ${CMAKE_COMMAND} -E env ASAN_OPTIONS=detect_leaks=0
            ${CMAKE_COMMAND} "-DTOOLS=${completed}" -DOUT=${folder}
            -DBIN=${CMAKE_RUNTIME_OUTPUT_DIRECTORY}
            -P ${PROJECT_SOURCE_DIR}/cmake/Completion.cmake
    DEPENDS ${completed} ${scripts} VERBATIM)
  add_custom_target(completions ALL
    DEPENDS ${folder}/msc-compile.bash ${folder}/_msc)
  if(TARGET check-lit)
    add_dependencies(check-lit completions)
  endif()
  foreach(tool ${completed})
    install(FILES ${folder}/msc-compile.bash RENAME ${tool}
            DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
  endforeach()
  install(FILES ${folder}/_msc
          DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
endif()
