# What the server holds in memory.
# shellcheck shell=bash disable=SC2154 # a part of run, which sets what is read here

# resident_with DATABASE: MiB of a server that has answered all lists of launches.
resident_with() {
	local port list i
	port=$(free_port)
	server "$port" "$1" cache.size=0
	for ((i = 0; i < 5; i++)); do
		for list in launches launches/upcoming launches/previous; do
			curl -sf -o /dev/null "http://127.0.0.1:$port/2.3.0/$list/?limit=1"
		done
	done
	resident "$child" VmRSS
	stop "$child"
}

# What rows take in lists that are held in memory, with what is left over from reading them.
memory_rows() {
	local with without
	has_database launches || fill_launches
	has_database empty || migrate empty
	with=$(resident_with launches)
	without=$(resident_with empty)
	row "with $LAUNCHES launches, $(awk -v a="$with" -v b="$without" -v rows="$LAUNCHES" \
		'BEGIN {printf "%.1f", (a - b) * 1048576 / rows}') bytes each with what reading them left free" "$with"
	row 'without' "$without"
}

section_memory() {
	local port page i url
	port=$(free_port)
	has_database live || fill live "$BENCH_FLIGHTS"
	server "$port" live cache.size=0
	table 'Resident memory, without a cache' server MiB
	row 'at the start' "$(resident "$child" VmRSS)"
	url="http://127.0.0.1:$port/2.3.0/spacecraft_flights/?format=json&mode=detailed&limit=100"
	for ((i = 0; i < 40; i++)); do
		curl -s -o /dev/null "$url&offset=$((i % 9 * 100))"
	done
	page=$(curl -s -o /dev/null -w '%{size_download}' "$url")
	row "after 40 pages of 100 detailed, each $(ratio "$page" 1048576 1)" "$(resident "$child" VmRSS)"
	row 'at most so far' "$(resident "$child" VmHWM)"
	stop "$child"
	memory_rows
}
