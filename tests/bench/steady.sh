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

steady_line() {
	local result
	result=$(load "$2" "$3" '')
	# shellcheck disable=SC2086 # four numbers
	printf '%-36s %12s %12s %12s %12s\n' "$1" $result
}

section_steady() {
	local port count ten="$API?format=json" postmaster
	port=$(free_port)
	drop_database steady
	fill steady "$BENCH_FLIGHTS" settled
	server "$port" steady server.idle_timeout=3600
	say "Hot answers (10 normal) meanwhile, runs of $BENCH_SECONDS s"
	printf '%-36s %12s %12s %12s %12s\n' '' 'a second' 'p50, us' 'p99, us' errors
	load "$port" "$ten" '' >/dev/null
	steady_line 'nothing else' "$port" "$ten"
	for count in 1000 5000; do
		rm -f "$directory/idle"
		start idle "$port" "$count"
		until [ -e "$directory/idle" ]; do
			kill -0 "$child" 2>/dev/null || fail "cannot keep $count connections"
			sleep 0.1
		done
		steady_line "$count idle connections" "$port" "$ten"
		stop "$child"
	done
	postmaster=$(head -1 "$(sql postgres 'SHOW data_directory')/postmaster.pid")
	signal_postgres STOP "$postmaster"
	steady_line 'the database stopped' "$port" "$ten"
	signal_postgres CONT "$postmaster"
	steady_line 'the database back' "$port" "$ten"
	drop_database steady
}
