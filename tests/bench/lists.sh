# Pages of ten of 100,000 launches: filtered, ordered and searched ones against the plain list.
# shellcheck shell=bash disable=SC2154 # a part of run, which sets what is read here
LAUNCHES=100000

fill_launches() {
	migrate launches
	sql launches "INSERT INTO agency (id, name) SELECT i, 'Agency ' || i FROM generate_series(1, 300) i;
		INSERT INTO launch_status (id, name) SELECT i, 'Status ' || i FROM generate_series(1, 9) i;
		INSERT INTO orbit (id, name) SELECT i, 'Orbit ' || i FROM generate_series(1, 20) i;
		INSERT INTO location (id, name) SELECT i, 'Site ' || i FROM generate_series(1, 60) i;
		INSERT INTO pad (id, name, location_id) SELECT i, 'Pad ' || i, i % 60 + 1 FROM generate_series(1, 250) i;
		INSERT INTO launcher_configuration (id, name, manufacturer_id)
			SELECT i, 'Rocket ' || i, i % 300 + 1 FROM generate_series(1, 500) i;
		INSERT INTO rocket (id, configuration_id) SELECT i, i % 500 + 1 FROM generate_series(1, $LAUNCHES) i;
		INSERT INTO mission (id, name, orbit_id)
			SELECT i, 'Mission ' || md5(i::text), i % 20 + 1 FROM generate_series(1, $LAUNCHES) i;
		INSERT INTO launch (id, name, net, last_updated, status_id, launch_service_provider_id, pad_id, rocket_id,
			mission_id) SELECT lpad(i::text, 32, '0')::uuid, 'Rocket ' || i % 500 + 1 || ' | ' || md5(i::text),
			now() - interval '62 years' + i * interval '5.5 hours', timestamptz '2020-01-01Z' + i * 7919 % 100000
			* interval '30 minutes', i % 9 + 1, i * 31 % 300 + 1, i * 7 % 250 + 1, i, i
			FROM generate_series(1, $LAUNCHES) i"
	sql launches 'VACUUM ANALYZE'
}

# lists_row PATH: milliseconds, and how much more than the plain list, whose turn comes before each.
lists_row() {
	local run plain this
	rm -f "$directory"/lists.*
	for ((run = 0; run < BENCH_RUNS * 10; run++)); do
		curl -sf -o /dev/null -w '%{time_starttransfer}\n' "$base/launches/" >>"$directory/lists.plain"
		curl -sf -o /dev/null -w '%{time_starttransfer}\n' "$base/$1" >>"$directory/lists.this"
	done
	plain=$(median <"$directory/lists.plain")
	this=$(median <"$directory/lists.this")
	row "\`$1\`" "$(ratio "$this" 0.001 1)" \
		"$(awk -v a="$this" -v b="$plain" 'BEGIN {printf "%+.1f", (a - b) * 1000}')"
}

section_lists() {
	local port base
	port=$(free_port)
	base=http://127.0.0.1:$port/2.3.0
	has_database launches || fill_launches
	server "$port" launches cache.size=0 server.search_percent=100
	table "Ten of $LAUNCHES launches, without a cache, and how much more it takes than the plain list; medians, taking
turns" list ms more
	lists_row 'launches/'
	lists_row 'launches/upcoming/'
	lists_row 'launches/?status=3'
	lists_row 'launches/?lsp__id=121&ordering=-net'
	lists_row 'launches/?pad__location=13&ordering=name'
	lists_row 'launches/?year=2019,2020&ordering=-last_updated'
	lists_row 'launches/?net__gte=2020-01-01&status=3&ordering=-net'
	lists_row 'launches/?rocket__configuration__name=Rocket+164&ordering=-net'
	lists_row 'launches/?mission__orbit__name=Orbit+8&ordering=-net'
	lists_row 'launches/?search=c4ca4238'
	lists_row 'launches/?search=rocket+164&ordering=-net'
	stop "$child"
}
