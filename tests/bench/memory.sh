# What the server holds in memory.
# shellcheck shell=bash disable=SC2154 # a part of run, which sets what is read here
section_memory() {
	local port page i url
	port=$(free_port)
	[ "$(sql postgres "SELECT count(*) FROM pg_database WHERE datname = 'live'")" = 1 ] ||
		fill live "$BENCH_FLIGHTS"
	server "$port" live cache.size=0
	say "Memory, MiB, without a cache"
	printf '%-36s %12s\n' 'at the start' "$(resident "$child" VmRSS)"
	url="http://127.0.0.1:$port/2.3.0/spacecraft_flights/?format=json&mode=detailed&limit=100"
	for ((i = 0; i < 40; i++)); do
		curl -s -o /dev/null "$url&offset=$((i % 9 * 100))"
	done
	page=$(curl -s -o /dev/null -w '%{size_download}' "$url")
	printf '%-36s %12s\n' 'after 40 pages of 100 detailed' "$(resident "$child" VmRSS)" \
		'at most so far' "$(resident "$child" VmHWM)" 'such a page' "$(ratio "$page" 1048576 1)"
	stop "$child"
}
