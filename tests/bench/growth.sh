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
	local begin port
	port=$(free_port)
	begin=$(microseconds)
	server "$port" "grown$1"
	curl -s -o /dev/null "http://127.0.0.1:$port$API"
	echo $((($(microseconds) - begin) / 1000)) >>"$directory/first$1.runs"
	stop "$child"
	begin=$(microseconds)
	sql "grown$1" 'SELECT 1' >/dev/null
	echo $((($(microseconds) - begin) / 1000)) >>"$directory/psql$1.runs"
}

# grow_row NAME COLUMN SERVERS QUERY: what wrk.lua reports in that column, of each size in turn. In the query
# FIRST stands for the first flight, LAST for the offset of the last ten, SPACECRAFT for one that has flown.
grow_row() {
	local name=$1 column=$2 servers=$3 run size query
	rm -f "$directory"/grown*.runs
	for ((run = 0; run < BENCH_RUNS; run++)); do
		for size in "${sizes[@]}"; do
			query=${4/FIRST/${first[$size]}}
			query=${query/LAST/$((size - 10))}
			query=${query/SPACECRAFT/${spacecraft[$size]}}
			load "${port["$servers|$size"]}" "$API$query" '' >>"$directory/grown$size.runs"
		done
	done
	for size in "${sizes[@]}"; do
		grow "$name" "$size" "$(column "grown$size" "$column")"
	done
}

# Databases of each size, with a server that has a cache and one that has none.
grow_up() {
	local size
	for size in "${sizes[@]}"; do
		drop_database "grown$size"
		fill "grown$size" "$size" settled
		first[$size]=$(sql "grown$size" 'SELECT min(id) FROM spacecraft_flight')
		spacecraft[$size]=$(sql "grown$size" 'SELECT max(spacecraft_id) FROM spacecraft_flight')
		port["hot|$size"]=$(free_port)
		server "${port["hot|$size"]}" "grown$size"
		servers[$size]=$child
		port["cold|$size"]=$(free_port)
		server "${port["cold|$size"]}" "grown$size" cache.size=0
	done
}

grow_start() {
	local size run
	for ((run = 0; run < BENCH_RUNS; run++)); do
		for size in "${sizes[@]}"; do
			first_answer "$size"
		done
	done
	for size in "${sizes[@]}"; do
		grow 'start to first answer, ms' "$size" "$(column "first$size" 1)"
		grow 'psql select 1, ms' "$size" "$(column "psql$size" 1)"
	done
}

grow_hot() {
	local size
	grow_row 'hot 1 detailed, a second' 1 hot 'FIRST/?format=json'
	grow_row 'hot 10 normal, a second' 1 hot ''
	grow_row 'hot 100 detailed, a second' 1 hot '?limit=100&mode=detailed'
	for size in "${sizes[@]}"; do
		grow 'resident, MiB' "$size" "$(resident "${servers[$size]}" VmRSS)"
	done
}

grow_cold() {
	local CONNECTIONS=1
	grow_row 'cold 1 detailed, us' 2 cold 'FIRST/'
	grow_row 'cold 10 normal, us' 2 cold ''
	grow_row 'cold 10 normal, last, us' 2 cold '?offset=LAST'
	grow_row 'cold 100 detailed, us' 2 cold '?limit=100&mode=detailed'
	grow_row 'cold by spacecraft, us' 2 cold '?spacecraft=SPACECRAFT'
	grow_row 'cold ordering=-launch__net, us' 2 cold '?ordering=-launch__net'
	grow_row 'cold ordering=spacecraft__name, us' 2 cold '?ordering=spacecraft__name'
	grow_row 'cold search=dragon, us' 2 cold '?search=dragon'
}

section_growth() {
	local row size sizes cells
	local -A first spacecraft port servers
	read -ra sizes <<<"$BENCH_GROWTH"
	grow_up
	grow_start
	grow_hot
	grow_cold
	table "The same with more flights, medians of $BENCH_RUNS runs, taking turns; cold is without a cache, one at a
time" flights "${sizes[@]}"
	for row in "${rows[@]}"; do
		cells=()
		for size in "${sizes[@]}"; do
			cells+=("${grown["$row|$size"]}")
		done
		row "$row" "${cells[@]}"
	done
	for size in "${sizes[@]}"; do
		drop_database "grown$size"
	done
}
