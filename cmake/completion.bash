# Completes the current word: a flag, the value of one, or a file.
_msc() {
  local current=${COMP_WORDS[COMP_CWORD]} flag="" value="" spec
  local flags=("${_msc_compile_flags[@]}")
  [[ ${1##*/} != msc-run ]] || flags+=("${_msc_run_flags[@]}")
  COMPREPLY=()
  # bash makes "--flag", "=" and "value" words of their own.
  if [[ $current == "=" ]]; then
    flag=${COMP_WORDS[COMP_CWORD - 1]} current=""
  elif ((COMP_CWORD > 1)) && [[ ${COMP_WORDS[COMP_CWORD - 1]} == "=" ]]; then
    flag=${COMP_WORDS[COMP_CWORD - 2]}
  fi
  if [[ -z $flag && $current == -* ]]; then
    for spec in "${flags[@]}"; do
      [[ $spec != "$current"* ]] || COMPREPLY+=("${spec/=*/=}")
    done
    [[ ${COMPREPLY[0]-} != *= ]] || compopt -o nospace
    return
  fi
  for spec in "${flags[@]}"; do
    [[ $spec != "$flag="* ]] || value=${spec#*=}
  done
  case $value in
  *"|"*) mapfile -t COMPREPLY < <(compgen -W "${value//|/ }" -- "$current") ;;
  DIR) mapfile -t COMPREPLY < <(compgen -d -- "$current") ;;
  *) mapfile -t COMPREPLY < <(compgen -f -- "$current") && compopt -o filenames ;;
  esac
}
complete -F _msc msc-compile msc-run
