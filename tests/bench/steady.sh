# Hot answers beside many idle connections, and while the database stands still.
# shellcheck shell=bash disable=SC2154 # a part of run, which sets what is read here

# Opens so many connections to a port, asks once on each, and keeps them until it is ended.
idle() {
	local port=$1 count=$2 i fd line
	for ((i = 0; i < count; i++)); do
		exec {fd}<>"/dev/tcp/127.0.0.1/$port"
		printf 'GET /robots.txt HTTP/1.1\r\nHost: bench\r\n\r\n' >&"$fd"
		read -r line <&"$fd"
		[[ $line == 'HTTP/1.1 '* ]] || fail "an idle connection heard: $line"
	done
	: >"$directory/idle"
	exec sleep infinity
}

# Stops all of PostgreSQL's processes or lets them go on.
signal_postgres() {
	local main=$2
	# shellcheck disable=SC2046 # a list of ids
	kill "-$1" "$main" $(pgrep -P "$main")
}

# A server of its own with COUNT connections that only stand; its port goes into `port`.
crowded() {
	port=$(free_port)
	server "$port" steady server.idle_timeout=3600 server.connections_per_address=10000
	rm -f "$directory/idle"
	start idle "$port" "$1"
	until [ -e "$directory/idle" ]; do
		kill -0 "$child" 2>/dev/null || fail "cannot keep $1 connections"
		sleep 0.1
	done
}

# steady_line NAME FILE: what its runs gave, beside those of nothing else.
steady_line() {
	local rate p99
	rate=$(column "$2" 1)
	p99=$(column "$2" 3)
	row "$1" "$rate" "$(ratio "$rate" "$(column calm 1)")" \
		"$(milliseconds "$(column "$2" 2)")" "$(milliseconds "$p99")" "$(ratio "$p99" "$(column calm 3)")" \
		"$(awk '{n += $4} END {print n}' "$directory/$2.runs")"
}

section_steady() {
	local port calm run count ten="$API?format=json" postmaster
	local -A ports
	drop_database steady
	fill steady "$BENCH_FLIGHTS" settled
	calm=$(free_port)
	server "$calm" steady
	for count in 1000 5000; do
		crowded "$count"
		ports[$count]=$port
	done
	postmaster=$(head -1 "$(sql postgres 'SHOW data_directory')/postmaster.pid")
	for port in "$calm" "${ports[@]}"; do
		load "$port" "$ten" '' >/dev/null
	done
	rm -f "$directory"/*.runs
	for ((run = 0; run < BENCH_TURNS; run++)); do
		load "$calm" "$ten" '' >>"$directory/calm.runs"
		for count in 1000 5000; do
			load "${ports[$count]}" "$ten" '' >>"$directory/$count.runs"
		done
		signal_postgres STOP "$postmaster"
		load "$calm" "$ten" '' >>"$directory/stopped.runs"
		signal_postgres CONT "$postmaster"
	done
	table "Hot answers (10 normal) meanwhile, medians of $BENCH_TURNS runs of $BENCH_SECONDS s, taking turns" \
		meanwhile 'a second' ratio 'p50, ms' 'p99, ms' ratio errors
	steady_line 'nothing else' calm
	steady_line '1000 idle connections' 1000
	steady_line '5000 idle connections' 5000
	steady_line 'the database stopped' stopped
	drop_database steady
}
