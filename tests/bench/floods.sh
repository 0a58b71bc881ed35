# What is requested all the time, beside floods of requests that nobody repeats.
# shellcheck shell=bash disable=SC2154 # a part of run, which sets what is read here

FLOOD_RATE=30 # requests a second
HOT_RATE=100

# hot_run: requests of what is hot, half of them with gzip, while all else goes on; adds a line to NAME.runs.
hot_run() {
	"$PROGRAMS/paced" "$port" $((HOT_RATE / 2)) "$BENCH_SECONDS" GET "$memory/hot" 'Host: bench' \
		>>"$directory/$1.runs" &
	"$PROGRAMS/paced" "$port" $((HOT_RATE / 2)) "$BENCH_SECONDS" GET "$memory/hot" \
		$'Host: bench\r\nAccept-Encoding: gzip' >>"$directory/$1.runs"
	wait $!
}

# flood METHOD TARGET HEADER: until it is ended.
flood() {
	echo "$2" >"$memory/flood"
	exec "$PROGRAMS/paced" "$port" "$FLOOD_RATE" 3600 "$1" "$memory/flood" "$3"
}

# flood_line NAME METHOD TARGET HEADER: what is hot without the flood and with it, taking turns.
flood_line() {
	local run
	rm -f "$directory"/*.runs
	for ((run = 0; run < BENCH_RUNS; run++)); do
		hot_run calm
		start flood "$2" "$3" "$4"
		hot_run flooded
		stop "$child"
	done
	printf '%-36s %9s %9s %9s %9s %6s %7s\n' "$1" "$(column calm 1)" "$(column calm 2)" \
		"$(column flooded 1)" "$(column flooded 2)" \
		"$(ratio "$(column flooded 2)" "$(column calm 2)")" \
		"$(awk '{n += $4} END {print n}' "$directory/flooded.runs")"
}

section_floods() {
	local port page="$API?mode=detailed&limit=100&offset=7&n=#" html='Accept: text/html'
	drop_database floods
	fill floods "$BENCH_FLIGHTS" settled
	port=$(free_port)
	server "$port" floods
	sql floods 'SELECT id FROM spacecraft_flight ORDER BY id LIMIT 500' |
		sed "s|.*|$API&/?format=json|" >"$memory/hot"
	curl -s -o /dev/null -H "$html" "http://127.0.0.1:$port$API?mode=detailed&limit=100"
	BENCH_SECONDS=40 hot_run warm
	say "Hot answers (500 flights, $HOT_RATE a second, half with gzip) beside $FLOOD_RATE requests a second that" \
		"nobody repeats, medians of $BENCH_RUNS runs of $BENCH_SECONDS s, taking turns; microseconds"
	printf '%-36s %9s %9s %9s %9s %6s %7s\n' '' 'p50 calm' 'p99 calm' 'p50' 'p99' ratio errors
	flood_line 'GET of pages of 100, for browsers' GET "$page" $'Host: bench\r\n'"$html"
	flood_line 'the same with gzip' GET "$page" $'Host: bench\r\nAccept-Encoding: gzip\r\n'"$html"
	flood_line 'HEAD of pages of 100, for browsers' HEAD "$page" $'Host: bench\r\n'"$html"
	flood_line 'GET of pages of 100, JSON' GET "$page" 'Host: bench'
	flood_line 'Hosts, pages of 100' GET "$API?mode=detailed&limit=100" 'Host: bench#'
	flood_line 'encodings, pages of 100' GET "$API?mode=detailed&limit=100" \
		$'Host: bench\r\nAccept-Encoding: gzip, x#'
	stop "$child"
	drop_database floods
}
