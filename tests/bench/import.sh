# The import of detailed flights, against psql that copies the same rows into the same tables.
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

section_import() {
	local run ours theirs
	drop_database source
	drop_database empty
	migrate empty
	create_database source empty
	"$PROGRAMS/generate" 0 "$BENCH_FLIGHTS" >"$memory/flights.json"
	import source "$memory/flights.json"
	dump_tables source
	for ((run = 0; run < BENCH_RUNS; run++)); do
		timed import "$memory/flights.json" >>"$memory/import.ms"
		timed copy_rows - >>"$memory/copy.ms"
	done
	ours=$(median <"$memory/import.ms")
	theirs=$(median <"$memory/copy.ms")
	say "Import of $BENCH_FLIGHTS detailed flights, $(stat -c %s "$memory/flights.json") bytes"
	printf '%-36s %12s %12s %8s\n' '' ours 'psql COPY' ratio
	printf '%-36s %9s ms %9s ms %8s\n' 'into empty tables' "$ours" "$theirs" "$(ratio "$ours" "$theirs")"
	timed_again
	rm -f "$memory"/*.copy "$memory"/*.ms "$memory/copy.sql" "$memory/flights.json"
	drop_database source
	drop_database empty
}

# What is there already costs no more than reading and comparing.
timed_again() {
	local begin
	begin=$(now_ms)
	import source "$memory/flights.json"
	printf '%-36s %9s ms\n' 'the same again, nothing changed' $(($(now_ms) - begin))
}
