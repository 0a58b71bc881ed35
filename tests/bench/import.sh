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
	# What is there already costs no more than reading and comparing.
	begin=$(now_ms)
	import source "$2"
	row "$1, $(awk -v bytes="$(stat -c %s "$2")" 'BEGIN {printf "%.1f MB", bytes / 1e6}')" "$ours" "$theirs" \
		"$(ratio "$ours" "$theirs")" $(($(now_ms) - begin))
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
	table "Import into empty tables, beside psql that copies the same rows into them, and once more where nothing has
changed" documents 'ours, ms' 'psql COPY, ms' ratio 'again, ms'
	import_line "$BENCH_FLIGHTS detailed flights" "$memory/flights.json"
	import_line '1000 detailed launches' "$memory/launches.json"
	rm -f "$memory/flights.json" "$memory/launches.json"
	drop_database empty
}
