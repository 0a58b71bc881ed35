# Hot answers against nginx, which serves the same bytes as files in memory, and against the least that
# a program over libmicrohttpd can do.
# shellcheck shell=bash disable=SC2154 # a part of run, which sets what is read here

# nginx's ways: of them the best counts for each workload. The third has its send buffers limited as ours are.
ways=(sendfile buffers limited)

# nginx_ways WORKERS: starts each of them; their ports go into `theirs`.
nginx_ways() {
	theirs=("$(free_port)")
	nginx_start "sendfile$1" "${theirs[0]}" "$1" 'sendfile on; tcp_nopush on;'
	theirs+=("$(free_port)")
	nginx_start "buffers$1" "${theirs[1]}" "$1" 'sendfile off; output_buffers 1 2m;'
	theirs+=("$(free_port)")
	nginx_start "limited$1" "${theirs[2]}" "$1" 'sendfile off; output_buffers 1 2m;' sndbuf=128k
}

# nginx_start NAME PORT WORKERS SETTINGS [LISTEN]: over the files in $memory/files.
nginx_start() {
	local user=
	[ "$(id -u)" -ne 0 ] || user='user root;'
	cat >"$directory/$1.conf" <<-CONF
		$user
		daemon off;
		worker_processes $3;
		pid $directory/$1.pid;
		error_log $directory/$1.log;
		events { worker_connections 8192; }
		http {
			access_log off;
			default_type application/json;
			$4
			open_file_cache max=20000 inactive=1h;
			open_file_cache_valid 1h;
			gzip_static on;
			keepalive_requests 1000000000;
			client_body_temp_path $directory/$1.1;
			proxy_temp_path $directory/$1.2;
			fastcgi_temp_path $directory/$1.3;
			uwsgi_temp_path $directory/$1.4;
			scgi_temp_path $directory/$1.5;
			server { listen 127.0.0.1:$2 ${5-}; root $memory/files; }
		}
	CONF
	start "$(PATH=$PATH:/usr/sbin command -v nginx)" -e "$directory/$1.log" -c "$directory/$1.conf"
	wait_for_port "$2"
}

# A workload is a name, a server, and what is asked of it and of nginx:
# workload NAME PORTS OURS THEIRS [LIST_OURS LIST_THEIRS [HEADER_OURS HEADER_THEIRS]]
# PORTS: of our server, nginx's and the bare one (or none).
workload() {
	local name=$1 ports ours=$3 theirs=$4 list=${5-} their_list=${6-} header=${7-} their_header=${8-}
	local run way best to_bare=- bytes
	[[ $name =~ $BENCH_ONLY ]] || return 0
	read -ra ports <<<"$2"
	rm -f "$directory"/*.runs
	# What is requested once is not cached.
	[ -z "$list" ] || load "${ports[0]}" "$ours" "$list" >/dev/null
	for ((run = 0; run < BENCH_TURNS; run++)); do
		load "${ports[0]}" "$ours" "$list" ${header:+"$header"} >>"$directory/ours.runs"
		for way in 0 1 2; do
			load "${ports[way + 1]}" "$theirs" "$their_list" ${their_header:+"$their_header"} \
				>>"$directory/${ways[way]}.runs"
		done
		[ -z "${ports[4]-}" ] || load "${ports[4]}" / '' ${header:+"$header"} >>"$directory/bare.runs"
	done
	best=sendfile
	for way in buffers limited; do
		[ "$(column $way 1)" -le "$(column $best 1)" ] || best=$way
	done
	[ -z "${ports[4]-}" ] || to_bare=$(ratio "$(column ours 1)" "$(column bare 1)")
	bytes=$(curl -s -o /dev/null -w '%{size_download}' ${header:+-H "$header"} \
		"http://127.0.0.1:${ports[0]}$ours")
	[ -z "$list" ] || bytes=$(mean_length "${ports[0]}" "$list")
	row "$name$(awk '{n += $4} END {if (n) printf ", %d of ours failed", n}' "$directory/ours.runs")" \
		"$bytes" "$(column ours 1)" "$(ratio "$(column ours 1)" "$(column $best 1)")" "$to_bare" \
		"$(milliseconds "$(column ours 3)")" "$(ratio "$(column ours 3)" "$(column $best 3)")" \
		"$(cpu_cells 5)" "$(cpu_cells 6)" "$best"
}

# cpu_cells COLUMN: microseconds of processors, and beside nginx's way that takes least.
cpu_cells() {
	local least
	least=$(for way in "${ways[@]}"; do column "$way" "$1"; done | sort -g | head -1)
	printf '%.0f | %s' "$(column ours "$1")" "$(ratio "$(column ours "$1")" "$least")"
}

# mean_length PORT LIST: bytes of the answers, of the first hundred paths.
mean_length() {
	head -100 "$2" | sed "s|.*|url = \"http://127.0.0.1:$1&\"\noutput = /dev/null|" |
		curl -s -K - -w '%{size_download}\n' | awk '{sum += $1} END {printf "%.0f", sum / NR}'
}

# fetch PORT PATH NAME: our answer as nginx's files, plain and gzip, with its headers beside them.
fetch() {
	curl -s -D "$memory/$3.head" -o "$memory/files/$3.json" "http://127.0.0.1:$1$2"
	curl -s -D "$memory/$3.gzip-head" -H 'Accept-Encoding: gzip' -o "$memory/files/$3.json.gz" \
		"http://127.0.0.1:$1$2"
}

# same_bytes NAME PORTS PATH FILE [THREADS]: plain and compressed, beside the bare server.
same_bytes() {
	local bare
	bare=$(free_port)
	start "$PROGRAMS/bare" "$bare" "$memory/$4.head" "$memory/files/$4.json" "${5:-1}"
	wait_for_port "$bare"
	workload "$1" "$2 $bare" "$3" "/$4.json"
	stop "$child"
}

same_bytes_gzip() {
	local bare
	bare=$(free_port)
	start "$PROGRAMS/bare" "$bare" "$memory/$4.gzip-head" "$memory/files/$4.json.gz" "${5:-1}"
	wait_for_port "$bare"
	workload "$1, gzip" "$2 $bare" "$3" "/$4.json" '' '' 'Accept-Encoding: gzip' 'Accept-Encoding: gzip'
	stop "$child"
}

header_of() {
	curl -s -D - -o /dev/null "$1" | sed -n 's/^ETag: *//Ip' | tr -d '\r'
}

not_modified() {
	local ports
	read -ra ports <<<"$2"
	workload "$1" "$2" "$3" "/$4.json" '' '' \
		"If-None-Match: $(header_of "http://127.0.0.1:${ports[0]}$3")" \
		"If-None-Match: $(header_of "http://127.0.0.1:${ports[1]}/$4.json")"
}

# many NAME PORTS LIST DIRECTORY: the paths of a file, at random; nginx has a numbered file for each.
many() {
	local ports path number=0
	read -ra ports <<<"$2"
	mkdir -p "$memory/files/$4"
	: >"$memory/$4.theirs"
	while read -r path; do
		number=$((number + 1))
		printf 'url = "http://127.0.0.1:%s%s"\noutput = "%s"\n' "${ports[0]}" "$path" \
			"$memory/files/$4/$number.json"
		echo "/$4/$number.json" >>"$memory/$4.theirs"
	done <"$3" >"$memory/$4.curl"
	curl -s -K "$memory/$4.curl"
	workload "$1" "$2" "$(head -1 "$3")" "$(head -1 "$memory/$4.theirs")" "$3" "$memory/$4.theirs"
	rm -rf "${memory:?}/files/$4"
}

random_pages() {
	awk -v count="$BENCH_PAGES" -v flights="$BENCH_FLIGHTS" -v api="$API" 'BEGIN {
		srand(840)
		for (i = 0; i < count; i++)
			printf "%s?format=json&limit=%d&offset=%d&mode=%s\n", api, 1 + int(rand() * 100),
				int(rand() * flights), rand() < 0.5 ? "normal" : "detailed"
	}'
}

section_hot() {
	local settled roomy live theirs threads1 first single ten hundred
	command -v wrk >/dev/null || fail 'wrk is not installed'
	mkdir -p "$memory/files"
	has_database live || fill live "$BENCH_FLIGHTS"
	fill settled "$BENCH_FLIGHTS" settled
	settled=$(free_port)
	server "$settled" settled
	live=$(free_port)
	server "$live" live
	nginx_ways 1
	threads1=${theirs[*]}
	single="$API$(sql settled 'SELECT min(id) FROM spacecraft_flight')/?format=json"
	ten="$API?format=json"
	hundred="$API?format=json&limit=100&mode=detailed"
	fetch "$settled" "$single" one
	fetch "$settled" "$ten" ten
	fetch "$settled" "$hundred" hundred

	table "Hot answers beside nginx, which has the same bytes as files in memory and is taken in the way of three that
answers most a second, and beside a loop over libmicrohttpd that does nothing else; wrk -t1 -c32, medians of
$BENCH_TURNS runs of $BENCH_SECONDS s, taking turns; CPU: microseconds of a request, of the server's process and of
the whole machine with the client, to nginx's way that takes least" \
		answer bytes 'a second' 'to nginx' 'to bare' 'p99, ms' 'to nginx' CPU 'to nginx' 'all CPU' \
		'to nginx' "nginx's way"
	same_bytes '1 detailed' "$settled $threads1" "$single" one
	same_bytes '10 normal' "$settled $threads1" "$ten" ten
	same_bytes '100 detailed' "$settled $threads1" "$hundred" hundred
	same_bytes_gzip '1 detailed' "$settled $threads1" "$single" one
	same_bytes_gzip '10 normal' "$settled $threads1" "$ten" ten
	same_bytes_gzip '100 detailed' "$settled $threads1" "$hundred" hundred
	not_modified '304, 10 normal' "$settled $threads1" "$ten" ten
	workload 'new connections, 1' "$settled $threads1" "$single" /one.json '' '' 'Connection: close' \
		'Connection: close'

	sql settled 'SELECT id FROM spacecraft_flight ORDER BY id LIMIT 1000' |
		sed "s|.*|$API&/?format=json|" >"$memory/singles"
	many '1,000 flights, detailed' "$settled $threads1" "$memory/singles" singles
	random_pages >"$memory/pages"
	many 'random pages' "$settled $threads1" "$memory/pages" pages
	roomy=$(free_port)
	server "$roomy" settled cache.size=2G
	many 'random pages, with 2 GiB for all' "$roomy $threads1" "$memory/pages" pages
	stop "$child"

	first=$(sql live "SELECT min(f.id) FROM spacecraft_flight f JOIN spacecraft s
		ON s.id = f.spacecraft_id WHERE s.in_space AND f.mission_end IS NULL")
	single="$API$first/?format=json"
	fetch "$live" "$single" live-one
	fetch "$live" "$ten" live-ten
	fetch "$live" "$hundred" live-hundred
	same_bytes 'live, 1 detailed' "$live $threads1" "$single" live-one
	same_bytes 'live, 10 normal' "$live $threads1" "$ten" live-ten
	same_bytes 'live, 100 detailed' "$live $threads1" "$hundred" live-hundred
	section_hot_lists
	section_hot_threads
}

# Other lists than flights.
section_hot_lists() {
	local ours theirs threads1 api=/2.3.0
	has_database rows || fill_rows
	ours=$(free_port)
	server "$ours" rows
	nginx_ways 1
	threads1=${theirs[*]}
	fetch "$ours" "$api/launches/upcoming/?format=json" launches
	fetch "$ours" "$api/agencies/?format=json&limit=100" agencies
	fetch "$ours" "$api/space_stations/16/?format=json" station
	same_bytes '10 upcoming launches' "$ours $threads1" "$api/launches/upcoming/?format=json" launches
	same_bytes '100 agencies' "$ours $threads1" "$api/agencies/?format=json&limit=100" agencies
	same_bytes '1 space station' "$ours $threads1" "$api/space_stations/16/?format=json" station
	same_bytes_gzip '10 upcoming launches' "$ours $threads1" "$api/launches/upcoming/?format=json" launches
}

# Two event threads against two workers.
section_hot_threads() {
	local ours theirs threads2 single ten hundred
	ours=$(free_port)
	server "$ours" settled server.threads=2
	nginx_ways 2
	threads2=${theirs[*]}
	single="$API$(sql settled 'SELECT min(id) FROM spacecraft_flight')/?format=json"
	ten="$API?format=json"
	hundred="$API?format=json&limit=100&mode=detailed"
	fetch "$ours" "$single" one
	fetch "$ours" "$ten" ten
	fetch "$ours" "$hundred" hundred
	same_bytes '2 threads, 1 detailed' "$ours $threads2" "$single" one 2
	same_bytes '2 threads, 10 normal' "$ours $threads2" "$ten" ten 2
	same_bytes '2 threads, 100 detailed' "$ours $threads2" "$hundred" hundred 2
}
