# SPDX-License-Identifier: Apache-2.0
#
# complete.sh FILE WORD...: the completions that FILE offers for the last word,
# split as bash splits words.
compopt() { :; }
file=$1
shift
source "$file"
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_msc "$1"
printf '%s\n' "${COMPREPLY[*]}"
