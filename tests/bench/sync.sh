# Passes over an upstream on this machine (one of our servers), against the import of the same flights - or,
# with BASELINE naming the binary of another build, against its passes; and hot answers while passes are made.
# shellcheck shell=bash disable=SC2154 # a part of run, which sets what is read here

# sync_into BINARY DATABASE: one full pass.
sync_into() {
	"$1" --set "database.conninfo=$postgres dbname=$2" \
		--set "sync.upstream=http://127.0.0.1:$upstream_port" \
		--set sync.endpoints=spacecraft_flights --set log.level=warning sync >/dev/null
}

sync_line() {
	row "$1" "$2" "$3" "$(ratio "$2" "$3")"
}

# sync_twice NAME BINARY: a pass into empty tables and one over what that has stored; adds their milliseconds
# to NAME.full and NAME.again.
sync_twice() {
	local begin version
	create_database target "empty_$1"
	begin=$(now_ms)
	sync_into "$2" target
	echo $(($(now_ms) - begin)) >>"$memory/$1.full"
	version=$(sql target 'SELECT version FROM catalog_version')
	begin=$(now_ms)
	sync_into "$2" target
	echo $(($(now_ms) - begin)) >>"$memory/$1.again"
	[ "$version" = "$(sql target 'SELECT version FROM catalog_version')" ] ||
		fail 'an unchanged pass has changed rows'
	drop_database target
}

# An import into empty tables and the same once more, likewise.
import_twice() {
	local begin
	create_database target empty_ours
	begin=$(now_ms)
	import target "$memory/flights.json"
	echo $(($(now_ms) - begin)) >>"$memory/theirs.full"
	begin=$(now_ms)
	import target "$memory/flights.json"
	echo $(($(now_ms) - begin)) >>"$memory/theirs.again"
	drop_database target
}

# The rate of hot answers of a server that makes a pass in each INTERVAL seconds (0: none).
sync_rate() {
	local port list="$API?format=json"
	port=$(free_port)
	server "$port" mirror "sync.upstream=http://127.0.0.1:$upstream_port" "sync.interval=$1" \
		sync.endpoints=spacecraft_flights \
		sync.full_interval=60
	load "$port" "$list" '' >/dev/null
	load "$port" "$list" '' | cut -d' ' -f1 >>"$memory/rate.$1"
	stop "$child"
}

sync_hot() {
	local run calm busy
	migrate mirror
	sync_into "$SERVER" mirror
	for ((run = 0; run < BENCH_RUNS; run++)); do
		sync_rate 0
		sync_rate 1
	done
	calm=$(median <"$memory/rate.0")
	busy=$(median <"$memory/rate.1")
	sync_line 'hot answers a second with passes, and without' "$busy" "$calm"
	drop_database mirror
}

section_sync() {
	local run upstream_port against=${BASELINE:+baseline}
	migrate empty_ours
	[ -z "$BASELINE" ] || SERVER=$BASELINE migrate empty_theirs
	"$PROGRAMS/generate" 0 "$BENCH_FLIGHTS" settled >"$memory/flights.json"
	fill upstream "$BENCH_FLIGHTS" settled
	upstream_port=$(free_port)
	server "$upstream_port" upstream
	for ((run = 0; run < BENCH_RUNS; run++)); do
		sync_twice ours "$SERVER"
		if [ -n "$BASELINE" ]; then
			sync_twice theirs "$BASELINE"
		else
			import_twice
		fi
	done
	table "Sync of $BENCH_FLIGHTS detailed flights from a server beside it, and what is answered meanwhile" \
		'' ours "${against:-import}" ratio
	sync_line 'a full pass into empty tables, ms' "$(median <"$memory/ours.full")" \
		"$(median <"$memory/theirs.full")"
	sync_line 'the same again, nothing changed, ms' "$(median <"$memory/ours.again")" \
		"$(median <"$memory/theirs.again")"
	sync_hot
	rm -f "$memory"/{ours,theirs}.{full,again} "$memory"/rate.* "$memory/flights.json"
	drop_database upstream
	drop_database empty_ours
	drop_database empty_theirs
}
