# The import of detailed flights and launches, against psql that copies the same rows into the same tables.
# shellcheck shell=bash disable=SC2154 # a part of run, which sets what is read here

now_ms() {
	echo $((${EPOCHREALTIME/[.,]/} / 1000))
}

# Writes every table of resources and lists (those whose changes are told) that has rows to a file, and
# the script that reads them back in one transaction.
dump_tables() {
	local table
	{
		echo 'BEGIN;'
		for table in $(sql "$1" "SELECT tgrelid::regclass FROM pg_trigger
			WHERE tgname = 'catalog_insert' ORDER BY 1"); do
			sql "$1" "\\copy $table to '$memory/$table.copy'"
			[ ! -s "$memory/$table.copy" ] || echo "\\copy $table from '$memory/$table.copy'"
		done
		echo 'COMMIT;'
	} >"$memory/copy.sql"
}

copy_rows() {
	psql -Xq -v ON_ERROR_STOP=1 -d "$postgres dbname=$1" -f "$memory/copy.sql"
}

# timed FUNCTION FILE: milliseconds that it takes over an empty database with the schema.
timed() {
	local begin
	create_database target empty
	begin=$(now_ms)
	"$1" target "$2"
	echo $(($(now_ms) - begin))
	drop_database target
}

# import_line NAME FILE: beside psql, which copies what it stores.
import_line() {
	local run ours theirs begin
	drop_database source
	create_database source empty
	import source "$2"
	dump_tables source
	rm -f "$memory"/*.ms
	for ((run = 0; run < BENCH_RUNS; run++)); do
		timed import "$2" >>"$memory/import.ms"
		timed copy_rows - >>"$memory/copy.ms"
	done
	ours=$(median <"$memory/import.ms")
	theirs=$(median <"$memory/copy.ms")
	printf '%-36s %9s ms %9s ms %8s\n' "$1" "$ours" "$theirs" "$(ratio "$ours" "$theirs")"
	# What is there already costs no more than reading and comparing.
	begin=$(now_ms)
	import source "$2"
	printf '%-36s %9s ms\n' 'the same again, nothing changed' $(($(now_ms) - begin))
	rm -f "$memory"/*.copy "$memory"/*.ms "$memory/copy.sql"
	drop_database source
}

section_import() {
	drop_database empty
	migrate empty
	has_database rows || fill_rows
	"$PROGRAMS/generate" 0 "$BENCH_FLIGHTS" >"$memory/flights.json"
	"$SERVER" --set "database.conninfo=$postgres dbname=rows" export launches 2>/dev/null |
		head -10 >"$memory/launches.json" # pages of 100
	say "Import of $BENCH_FLIGHTS detailed flights, $(stat -c %s "$memory/flights.json") bytes, and of 1000 launches," \
		"$(stat -c %s "$memory/launches.json") bytes, into empty tables"
	printf '%-36s %12s %12s %8s\n' '' ours 'psql COPY' ratio
	import_line 'flights' "$memory/flights.json"
	import_line 'launches' "$memory/launches.json"
	rm -f "$memory/flights.json" "$memory/launches.json"
	drop_database empty
}
