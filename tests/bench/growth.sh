# The same questions over more and more flights.
# shellcheck shell=bash disable=SC2154 # a part of run, which sets what is read here

declare -A grown
rows=()

# grow ROW FLIGHTS VALUE: a cell of the table.
grow() {
	[ -n "${grown[$1]-}" ] || rows+=("$1")
	grown["$1"]=known
	grown["$1|$2"]=$3
}

microseconds() {
	echo "${EPOCHREALTIME/[.,]/}"
}

# Milliseconds from its start until a server has answered, and PostgreSQL's own client.
first_answer() {
	local begin port run
	for ((run = 0; run < BENCH_RUNS; run++)); do
		port=$(free_port)
		begin=$(microseconds)
		server "$port" grown
		curl -s -o /dev/null "http://127.0.0.1:$port$API"
		echo $((($(microseconds) - begin) / 1000)) >>"$directory/first.ms"
		stop "$child"
		begin=$(microseconds)
		sql grown 'SELECT 1' >/dev/null
		echo $((($(microseconds) - begin) / 1000)) >>"$directory/psql.ms"
	done
	grow 'start to first answer, ms' "$1" "$(median <"$directory/first.ms")"
	grow 'psql select 1, ms' "$1" "$(median <"$directory/psql.ms")"
	rm -f "$directory"/*.ms
}

# The middle of some runs: a column of what wrk.lua reports.
middle() {
	local column=$1 run
	shift
	for ((run = 0; run < BENCH_RUNS; run++)); do
		load "$@"
	done | awk -v n="$column" '{print $n}' | median
}

grow_hot() {
	local port
	port=$(free_port)
	server "$port" grown
	grow 'hot 1 detailed, a second' "$1" "$(middle 1 "$port" "$API$2/?format=json" '')"
	grow 'hot 10 normal, a second' "$1" "$(middle 1 "$port" "$API" '')"
	grow 'hot 100 detailed, a second' "$1" "$(middle 1 "$port" "$API?limit=100&mode=detailed" '')"
	grow 'resident, MiB' "$1" "$(resident "$child" VmRSS)"
	stop "$child"
}

# grow_cold_one NAME FLIGHTS PORT QUERY
grow_cold_one() {
	grow "$1, us" "$2" "$(CONNECTIONS=1 middle 2 "$3" "$API$4" '')"
}

grow_cold() {
	local port
	port=$(free_port)
	server "$port" grown cache.size=0
	grow_cold_one 'cold 1 detailed' "$1" "$port" "$2/"
	grow_cold_one 'cold 10 normal' "$1" "$port" ''
	grow_cold_one 'cold 10 normal, last' "$1" "$port" "?offset=$(($1 - 10))"
	grow_cold_one 'cold 100 detailed' "$1" "$port" '?limit=100&mode=detailed'
	grow_cold_one 'cold by spacecraft' "$1" "$port" "?spacecraft=$3"
	grow_cold_one 'cold ordering=-launch__net' "$1" "$port" '?ordering=-launch__net'
	grow_cold_one 'cold ordering=spacecraft__name' "$1" "$port" '?ordering=spacecraft__name'
	grow_cold_one 'cold search=dragon' "$1" "$port" '?search=dragon'
	stop "$child"
}

section_growth() {
	local flights row sizes
	read -ra sizes <<<"$BENCH_GROWTH"
	for flights in "${sizes[@]}"; do
		drop_database grown
		fill grown "$flights" settled
		first_answer "$flights"
		grow_hot "$flights" "$(sql grown 'SELECT min(id) FROM spacecraft_flight')"
		grow_cold "$flights" "$(sql grown 'SELECT min(id) FROM spacecraft_flight')" \
			"$(sql grown 'SELECT max(spacecraft_id) FROM spacecraft_flight')"
	done
	drop_database grown
	say "Growth: the same with more flights, medians of $BENCH_RUNS runs; cold is without a cache, one at a time"
	printf '%-36s' 'flights'
	printf '%12s' "${sizes[@]}"
	printf '\n'
	for row in "${rows[@]}"; do
		printf '%-36s' "$row"
		for flights in "${sizes[@]}"; do
			printf '%12s' "${grown["$row|$flights"]}"
		done
		printf '\n'
	done
}
