# A pass over an upstream on this machine (one of our servers), against the import of the same flights; and
# hot answers while passes are made.
# shellcheck shell=bash disable=SC2154 # a part of run, which sets what is read here

# One full pass into a database.
sync_into() {
	"$SERVER" --set "database.conninfo=$postgres dbname=$1" \
		--set "sync.upstream=http://127.0.0.1:$upstream_port" --set log.level=warning sync >/dev/null
}

sync_line() {
	printf '%-36s %9s ms %9s ms %8s\n' "$1" "$2" "$3" "$(ratio "$2" "$3")"
}

# The second pass over what is stored, and how many transactions changed rows for it.
sync_again() {
	local run begin version
	create_database target empty
	sync_into target
	version=$(sql target 'SELECT version FROM catalog_version')
	for ((run = 0; run < BENCH_RUNS; run++)); do
		begin=$(now_ms)
		sync_into target
		echo $(($(now_ms) - begin)) >>"$memory/again.ms"
	done
	[ "$version" = "$(sql target 'SELECT version FROM catalog_version')" ] ||
		fail 'an unchanged pass has changed rows'
	drop_database target
}

# The rate of hot answers of a server that makes a pass in each INTERVAL seconds (0: none).
sync_rate() {
	local port list="$API?format=json"
	port=$(free_port)
	server "$port" mirror "sync.upstream=http://127.0.0.1:$upstream_port" "sync.interval=$1" \
		sync.full_interval=60
	load "$port" "$list" '' >/dev/null
	load "$port" "$list" '' | cut -d' ' -f1 >>"$memory/rate.$1"
	stop "$child"
}

sync_hot() {
	local run calm busy
	migrate mirror
	sync_into mirror
	for ((run = 0; run < BENCH_RUNS; run++)); do
		sync_rate 0
		sync_rate 1
	done
	calm=$(median <"$memory/rate.0")
	busy=$(median <"$memory/rate.1")
	printf '%-36s %12s %12s %8s\n' 'hot answers a second' "$busy" "$calm" "$(ratio "$busy" "$calm")"
	drop_database mirror
}

section_sync() {
	local run upstream_port ours theirs
	drop_database empty
	migrate empty
	"$PROGRAMS/generate" 0 "$BENCH_FLIGHTS" settled >"$memory/flights.json"
	fill upstream "$BENCH_FLIGHTS" settled
	upstream_port=$(free_port)
	server "$upstream_port" upstream
	for ((run = 0; run < BENCH_RUNS; run++)); do
		timed import "$memory/flights.json" >>"$memory/import.ms"
		timed sync_into - >>"$memory/sync.ms"
	done
	sync_again
	ours=$(median <"$memory/sync.ms")
	theirs=$(median <"$memory/import.ms")
	say "Sync of $BENCH_FLIGHTS detailed flights from a server beside it"
	printf '%-36s %12s %12s %8s\n' '' ours 'import' ratio
	sync_line 'a full pass into empty tables' "$ours" "$theirs"
	sync_line 'the same again, nothing changed' "$(median <"$memory/again.ms")" "$theirs"
	printf '%-36s %12s %12s %8s\n' '' 'with passes' without ratio
	sync_hot
	rm -f "$memory"/*.ms "$memory"/rate.* "$memory/flights.json"
	drop_database upstream
	drop_database empty
}
