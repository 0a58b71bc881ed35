# What is requested all the time, beside floods of requests that nobody repeats.
# shellcheck shell=bash disable=SC2154 # a part of run, which sets what is read here

FLOOD_RATE=30 # requests a second
HOT_RATE=100
FLOOD_SECONDS=10 # of each run

# A name, the method, the target and the headers of each flood; `#` is the request's number.
floods=(
	'GET of pages of 100, for browsers' GET page $'Host: bench\r\nAccept: text/html'
	'the same with gzip' GET page $'Host: bench\r\nAccept-Encoding: gzip\r\nAccept: text/html'
	'HEAD of pages of 100, for browsers' HEAD page $'Host: bench\r\nAccept: text/html'
	'GET of pages of 100, JSON' GET page 'Host: bench'
	'Hosts, pages of 100' GET list 'Host: bench#'
	'encodings, pages of 100' GET list $'Host: bench\r\nAccept-Encoding: gzip, x#'
)

# hot_run NAME [SECONDS]: requests of what is hot, half of them with gzip, while all else goes on; adds to NAME.runs. Clients are
# on other machines, as a rule: who measures here must not wait for processors that the server uses, so it has them
# first, where it may.
hot_run() {
	local first=(chrt --fifo 1)
	"${first[@]}" true 2>/dev/null || first=()
	"${first[@]}" "$PROGRAMS/paced" "$port" $((HOT_RATE / 2)) "${2:-$FLOOD_SECONDS}" GET "$memory/hot" \
		'Host: bench' >"$directory/plain" &
	"${first[@]}" "$PROGRAMS/paced" "$port" $((HOT_RATE / 2)) "${2:-$FLOOD_SECONDS}" GET "$memory/hot" \
		$'Host: bench\r\nAccept-Encoding: gzip' >>"$directory/$1.runs"
	wait $!
	cat "$directory/plain" >>"$directory/$1.runs"
}

# flood METHOD TARGETS HEADER: until it is ended.
flood() {
	exec "$PROGRAMS/paced" "$port" "$FLOOD_RATE" 3600 "$1" "$memory/$2" "$3" >/dev/null
}

# percentile NAME PERCENT: microseconds that so many of all its requests took at most.
percentile() {
	sort -n "$directory/$1.runs" | awk -v part="$2" '{v[NR] = $1} END {print v[int((NR - 1) * part / 100) + 1]}'
}

# flood_row NAME TEXT
flood_row() {
	row "$2" "$(milliseconds "$(percentile "$1" 50)")" "$(milliseconds "$(percentile "$1" 99)")" \
		"$(ratio "$(percentile "$1" 99)" "$(percentile calm 99)" 1)" \
		"$(awk '!$2 {n++} END {print n + 0}' "$directory/$1.runs")"
}

section_floods() {
	local port run i html='Accept: text/html'
	drop_database floods
	fill floods "$BENCH_FLIGHTS" settled
	port=$(free_port)
	server "$port" floods
	sql floods 'SELECT id FROM spacecraft_flight ORDER BY id LIMIT 500' |
		sed "s|.*|$API&/?format=json|" >"$memory/hot"
	echo "$API?mode=detailed&limit=100&offset=7&n=#" >"$memory/page"
	echo "$API?mode=detailed&limit=100" >"$memory/list"
	curl -s -o /dev/null -H "$html" "http://127.0.0.1:$port$API?mode=detailed&limit=100"
	hot_run warm 20 # each twice
	rm -f "$directory"/*.runs
	for ((run = 0; run < BENCH_RUNS; run++)); do
		hot_run calm
		for ((i = 0; i < ${#floods[@]}; i += 4)); do
			start flood "${floods[@]:i+1:3}"
			hot_run "flood$i"
			stop "$child"
			sleep 1 # for what is still being made
		done
	done
	table "Hot answers (500 flights, $HOT_RATE a second, half with gzip) beside $FLOOD_RATE requests a second that nobody
repeats, taking turns, $((BENCH_RUNS * FLOOD_SECONDS * HOT_RATE)) of each" \
		beside 'p50, ms' 'p99, ms' 'to alone' 'not answered'
	flood_row calm 'nothing'
	for ((i = 0; i < ${#floods[@]}; i += 4)); do
		flood_row "flood$i" "${floods[i]}"
	done
	stop "$child"
	drop_database floods
}
