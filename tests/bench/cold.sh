# Pages without any cache, against PostgreSQL building the same documents itself.
# shellcheck shell=bash disable=SC2154 # a part of run, which sets what is read here
section_cold() {
	local port now=2025-04-13T12:00:00Z
	port=$(free_port)
	[ "$(sql postgres "SELECT count(*) FROM pg_database WHERE datname = 'live'")" = 1 ] ||
		fill live "$BENCH_FLIGHTS"
	server "$port" live cache.size=0 "server.clock=$now"
	say "No cache: milliseconds an answer (medians, taking turns)"
	printf '%-36s %12s %12s %8s\n' '' ours PostgreSQL ratio
	"$PROGRAMS/cold" "$port" "$postgres dbname=live" "$now" $((BENCH_RUNS * 20 + 1))
	stop "$child"
}
