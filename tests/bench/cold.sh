# Pages without any cache, against PostgreSQL building the same documents itself.
# shellcheck shell=bash disable=SC2154 # a part of run, which sets what is read here

# cold_lines WHAT DATABASE
cold_lines() {
	local port now=2025-04-13T12:00:00Z
	port=$(free_port)
	server "$port" "$2" cache.size=0 "server.clock=$now"
	"$PROGRAMS/cold" "$1" "$port" "$postgres dbname=$2" "$now" $((BENCH_RUNS * 20 + 1))
	stop "$child"
}

section_cold() {
	has_database live || fill live "$BENCH_FLIGHTS"
	has_database rows || fill_rows
	table "Without a cache, beside PostgreSQL building the same documents itself; medians, taking turns" \
		answer 'ours, ms' 'PostgreSQL, ms' ratio
	cold_lines flights live
	cold_lines lists rows
}
