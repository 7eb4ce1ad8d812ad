# SPDX-License-Identifier: Apache-2.0
#
# Writes completions for bash and zsh from what the tools list of themselves:
#   cmake -DTOOLS="msc-compile;msc-run" -DBIN=<folder> -DOUT=<folder> -P ...
# Flags of msc-compile are flags of msc-run as well.
cmake_minimum_required(VERSION 3.20)
set(names)
set(zsh "")
foreach(tool ${TOOLS})
  execute_process(COMMAND ${BIN}/${tool} --list-flags OUTPUT_VARIABLE text
                  COMMAND_ERROR_IS_FATAL ANY)
  # Lines of "--name=VALUE<tab>help"; brackets and ';' would confuse lists.
  string(REPLACE ";" "," text "${text}")
  string(REPLACE "[" "(" text "${text}")
  string(REPLACE "]" ")" text "${text}")
  string(REGEX REPLACE "\n$" "" text "${text}")
  string(REPLACE "\n" ";" lines "${text}")
  foreach(line ${lines})
    string(REGEX MATCH "^([^=\t]+)(=?)([^\t]*)\t(.*)$" matched "${line}")
    set(name "${CMAKE_MATCH_1}${CMAKE_MATCH_2}")
    set(value "${CMAKE_MATCH_3}")
    string(REGEX REPLACE "([:'])" "\\\\\\1" help "${CMAKE_MATCH_4}")
    string(REPLACE "\\'" "'\\''" help "${help}")
    string(APPEND own_${tool} " '${name}${value}'")
    if(name IN_LIST names)
      continue()
    endif()
    list(APPEND names "${name}")
    set(entry "${name}")
    if(help MATCHES "\\(repeat\\)")
      set(entry "*${name}")
    endif()
    set(entry "'${entry}")
    if(help)
      string(APPEND entry "[${help}]")
    endif()
    if(name MATCHES "=$")
      set(action "")
      if(value MATCHES "FILE")
        set(action "_files")
      elseif(value STREQUAL "DIR")
        set(action "_files -/")
      elseif(value MATCHES "[|]")
        string(REPLACE "|" " " action "(${value})")
      endif()
      set(entry "${entry}:${value}:${action}")
    endif()
    string(APPEND zsh "  ${entry}' \\\n")
  endforeach()
endforeach()

set(bash "# Completion of msc-compile and msc-run for bash; generated from their flags.\n")
foreach(tool ${TOOLS})
  string(REPLACE "-" "_" variable "${tool}")
  string(APPEND bash "_${variable}_flags=(${own_${tool}})\n")
endforeach()
file(READ ${CMAKE_CURRENT_LIST_DIR}/completion.bash function)
file(WRITE ${OUT}/msc-compile.bash "${bash}${function}")
file(WRITE ${OUT}/_msc "#compdef msc-compile msc-run
# Completion of msc-compile and msc-run for zsh; generated from their flags.
_arguments -S \\
${zsh}  '*:model or artifact:_files'
")
