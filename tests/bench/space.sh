# The page of what is in space over 1,000 flights, against a page of ten of them, both without a cache.
# shellcheck shell=bash disable=SC2154 # a part of run, which sets what is read here

# Milliseconds of one request for a page.
space_time() {
	curl --silent --fail --output /dev/null --write-out '%{time_total}\n' -H 'Accept: text/html' \
		"http://127.0.0.1:$1$2" | awk '{print $1 * 1000}'
}

section_space() {
	local port i space list
	port=$(free_port)
	fill thousand 1000
	server "$port" thousand cache.size=0
	for ((i = 0; i < BENCH_RUNS * 10 + 1; i++)); do
		space_time "$port" / >>"$memory/space.page"
		space_time "$port" /2.3.0/spacecraft_flights/ >>"$memory/space.list"
	done
	stop "$child"
	space=$(median <"$memory/space.page")
	list=$(median <"$memory/space.list")
	table 'Pages over 1,000 flights, without a cache; medians, taking turns' \
		page 'ours, ms' 'ten flights, ms' ratio
	row 'what is in space' "$space" "$list" "$(ratio "$space" "$list")"
}
