-- What is in space at $1: stations with their ports and crews, other craft on their way or flying free, what comes
-- next and what came home last, and the flights of a year before and after. Moments are texts as documents have them.
WITH flown AS MATERIALIZED (
	-- Every flight, with what it is called and whether it is in space.
	SELECT flight.id, craft.name AS craft, coalesce(mission.name, launch.name) AS mission,
		flight.destination, flight.mission_end, launch.net, launch.net_precision_id,
		craft.image_id,
		launch.net <= $1 AND coalesce(launch.status_id, 0) <> 4 AND (flight.mission_end > $1
			OR (flight.mission_end IS NULL AND craft.in_space IS NOT FALSE)) AS in_space
	FROM spacecraft_flight flight
	JOIN launch ON launch.id = flight.launch_id
	LEFT JOIN spacecraft craft ON craft.id = flight.spacecraft_id
	LEFT JOIN mission ON mission.id = launch.mission_id
	WHERE launch.net IS NOT NULL
),
docked AS MATERIALIZED (
	-- Where those in space are docked.
	SELECT DISTINCT ON (flown.id) flown.id, event.docking, port.id AS port,
		coalesce(event.space_station_target_id, port.spacestation_id) AS station
	FROM flown
	JOIN docking_event event ON event.flight_vehicle_chaser_id = flown.id
	LEFT JOIN docking_location port ON port.id = event.docking_location_id
	WHERE flown.in_space AND event.docking <= $1
		AND (event.departure IS NULL OR event.departure > $1)
	ORDER BY flown.id, event.docking DESC
),
told AS (
	SELECT flown.*, flown.mission_end <= $1 AS over, docked.station, docked.port, docked.docking,
		image.thumbnail_url AS thumbnail,
		EXISTS (SELECT FROM docking_event event
			WHERE event.flight_vehicle_chaser_id = flown.id AND event.docking <= $1) AS has_docked,
		json_build_object('net', net, 'net_precision', json_build_object('id', net_precision_id)) AS launch
	FROM flown
	LEFT JOIN docked USING (id)
	LEFT JOIN image ON image.id = flown.image_id
),
aboard AS (
	-- Who is at a station: those who came with what is docked there, and the crews of its expeditions.
	-- Some leave with another craft than they came with: who is in space is known of the present.
	SELECT docked.station, member.astronaut_id, member.role_id, flown.net AS since, docked.id AS flight,
		flown.mission_end IS NOT NULL AS ends
	FROM docked
	JOIN flown USING (id)
	JOIN (SELECT spacecraft_flight_id, astronaut_flight_id FROM spacecraft_flight_launch_crew
		UNION SELECT spacecraft_flight_id, astronaut_flight_id FROM spacecraft_flight_onboard_crew) crew
		ON crew.spacecraft_flight_id = docked.id
	JOIN astronaut_flight member ON member.id = crew.astronaut_flight_id
	UNION ALL
	SELECT expedition.spacestation_id, member.astronaut_id, member.role_id, expedition.start, NULL, false
	FROM expedition
	JOIN expedition_crew crew ON crew.expedition_id = expedition.id
	JOIN astronaut_flight member ON member.id = crew.astronaut_flight_id
	WHERE expedition.start <= $1 AND (expedition."end" IS NULL OR expedition."end" > $1)
),
people AS (
	SELECT DISTINCT ON (aboard.station, astronaut.id) aboard.station, astronaut.id, astronaut.name,
		role.role, role.priority, agency.abbrev AS agency, image.thumbnail_url AS thumbnail,
		aboard.since, aboard.flight
	FROM aboard
	JOIN astronaut ON astronaut.id = aboard.astronaut_id
	LEFT JOIN astronaut_role role ON role.id = aboard.role_id
	LEFT JOIN agency ON agency.id = astronaut.agency_id
	LEFT JOIN image ON image.id = astronaut.image_id
	WHERE astronaut.in_space IS NOT FALSE OR aboard.ends
	ORDER BY aboard.station, astronaut.id, aboard.since
),
stations AS (
	SELECT station.id, station.name, station.orbit, image.thumbnail_url AS thumbnail,
		-- Behind its ports, those who are docked somewhere else on it, as far as is known.
		(SELECT json_agg(row_to_json(port) ORDER BY port.id IS NULL, port.name, port.id) FROM (
			SELECT port.id, port.name, (SELECT row_to_json(told) FROM told
				WHERE told.port = port.id ORDER BY told.docking DESC LIMIT 1) AS flight
			FROM docking_location port WHERE port.spacestation_id = station.id
			UNION ALL
			SELECT NULL, 'A port without a name', row_to_json(told) FROM told
			WHERE told.station = station.id AND NOT EXISTS (SELECT FROM docking_location port
				WHERE port.id = told.port AND port.spacestation_id = station.id)) port) AS ports,
		(SELECT json_agg(row_to_json(people) ORDER BY people.since, people.priority, people.id)
			FROM people WHERE people.station = station.id) AS crew
	FROM space_station station
	LEFT JOIN image ON image.id = station.image_id
	WHERE station.id IN (SELECT docked.station FROM docked UNION SELECT people.station FROM people)
)
SELECT json_build_object(
	'now', $1,
	-- Documents whose time is yet to come are not believed: import overwrites them, too.
	'as_of', coalesce((SELECT as_of FROM import_latest WHERE as_of <= now() + interval '1 hour'),
		(SELECT max(as_of) FROM import_document WHERE as_of <= now() + interval '1 hour')),
	'flights', (SELECT count(*) FROM spacecraft_flight),
	'known', EXISTS (SELECT FROM spacecraft_flight),
	'stations', (SELECT json_agg(row_to_json(stations) ORDER BY id) FROM stations),
	'on_their_way', (SELECT json_agg(row_to_json(told) ORDER BY net DESC, id) FROM told
		WHERE in_space AND docking IS NULL AND NOT has_docked
			AND net > $1 - interval '7 days'),
	'flying_free', (SELECT json_agg(row_to_json(told) ORDER BY net DESC, id) FROM told
		WHERE in_space AND docking IS NULL
			AND (has_docked OR net <= $1 - interval '7 days')),
	'docked_elsewhere', (SELECT json_agg(row_to_json(told) ORDER BY net DESC, id) FROM told
		WHERE in_space AND docking IS NOT NULL AND station IS NULL),
	'next', (SELECT json_agg(row_to_json(told) ORDER BY net, id) FROM (
		SELECT * FROM told WHERE net > $1 ORDER BY net, id LIMIT 8) told),
	'home', (SELECT json_agg(row_to_json(told) ORDER BY mission_end DESC, id) FROM (
		SELECT * FROM told WHERE mission_end <= $1 ORDER BY mission_end DESC, id LIMIT 6) told),
	'bars', (SELECT json_agg(row_to_json(bar) ORDER BY bar."group", bar.net, bar.id) FROM (
		SELECT told.id, craft, mission, net, CASE WHEN in_space OR net > $1 THEN mission_end
				ELSE coalesce(mission_end, net) END AS mission_end,
			coalesce(station.name, destination, 'Elsewhere') AS "group"
		FROM told LEFT JOIN space_station station ON station.id = told.station
		WHERE net < $1 + interval '1 year'
			AND (in_space OR coalesce(mission_end, net) > $1 - interval '1 year')
		ORDER BY net DESC LIMIT 200) bar)
)::text
