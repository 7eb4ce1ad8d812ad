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
