# complete.zsh DIRECTORY LINE...: what zsh makes of each line when its last word is completed by the
# function _spacecraft-flights in the directory.
zmodload zsh/zpty
directory=$1
shift
zpty shell zsh -f -i
zpty -w shell "PROMPT=; stty -echo; fpath=($directory \$fpath); autoload -U compinit; compinit -u -D
finish() { zle complete-word; print -r -- \"<\$BUFFER>\"; BUFFER=; zle accept-line }
zle -N finish; bindkey '^X' finish; print READY-\$((1 + 1))"
zpty -r -m shell text '*READY-2*'
for line in "$@"; do
	zpty -w -n shell "$line"$'\x18'
	zpty -r -m shell text '*<*>*'
	text=${text##*<}
	print -r -- "${text%%>*}"
done
zpty -d shell
