-- Launches, dockings, departures and landings of flights, of those alone that dock at the station $2 where it is not
-- null, the latest first: those of the year before $1 and all to come, or where $3 is true the last hundred before $1. `day_from` and `day_until` are null where the moment is
-- known; else the days between which it will be, as far as the launch's precision says.
WITH flights AS MATERIALIZED (
	SELECT flight.id, craft.name AS craft, coalesce(mission.name, launch.name) AS mission,
		flight.destination, flight.mission_end, flight.landing_id, flight.stated_at, launch.net,
		launch.net_precision_id AS precision, launch.last_updated, launch.status_id,
		pad.name AS pad, location.name AS location
	FROM spacecraft_flight flight
	JOIN launch ON launch.id = flight.launch_id
	LEFT JOIN spacecraft craft ON craft.id = flight.spacecraft_id
	LEFT JOIN mission ON mission.id = launch.mission_id
	LEFT JOIN pad ON pad.id = launch.pad_id
	LEFT JOIN location ON location.id = pad.location_id
),
dockings AS (
	SELECT event.id AS event, event.flight_vehicle_chaser_id AS id, event.docking, event.departure,
		event.stated_at, coalesce(event.space_station_target_id, port.spacestation_id) AS station_id,
		station.name AS station, port.name AS port
	FROM docking_event event
	LEFT JOIN docking_location port ON port.id = event.docking_location_id
	LEFT JOIN space_station station
		ON station.id = coalesce(event.space_station_target_id, port.spacestation_id)
	WHERE event.flight_vehicle_chaser_id IS NOT NULL
),
happenings AS (
	SELECT 'launch' AS kind, 'flight-' || id || '-launch' AS uid, id, net AS moment, precision AS exact,
		coalesce(last_updated, stated_at, net) AS modified,
		concat_ws(', ', pad, location) AS place, destination AS note, status_id = 4 AS failed
	FROM flights
	UNION ALL
	SELECT CASE WHEN landing_id IS NULL THEN 'end' ELSE 'landing' END, 'flight-' || flights.id || '-end',
		flights.id, mission_end, 0, coalesce(flights.stated_at, mission_end), place.name, NULL, landing.success IS FALSE
	FROM flights
	LEFT JOIN landing ON landing.id = flights.landing_id
	LEFT JOIN landing_location place ON place.id = landing.landing_location_id
	UNION ALL
	SELECT 'docking', 'docking-' || event, id, docking, 0, coalesce(stated_at, docking), concat_ws(', ', station, port), NULL, false
	FROM dockings
	UNION ALL
	SELECT 'departure', 'departure-' || event, id, departure, 0, coalesce(stated_at, departure), concat_ws(', ', station, port), NULL, false
	FROM dockings
),
chosen AS (
	SELECT happenings.*, craft, mission, moment <= $1 AS past,
		CASE kind WHEN 'launch' THEN 'Launch' WHEN 'end' THEN 'End of mission' WHEN 'landing' THEN 'Landing'
			WHEN 'docking' THEN 'Docking' ELSE 'Departure' END AS what,
		CASE WHEN exact BETWEEN 3 AND 5 THEN utc::date
			WHEN exact = 6 THEN utc::date
			WHEN exact = 7 THEN date_trunc('month', utc)::date
			WHEN exact BETWEEN 8 AND 11 THEN date_trunc('quarter', utc)::date
			WHEN exact IN (12, 13) THEN (date_trunc('quarter', utc)
				- interval '3 months' * ((extract(quarter FROM utc)::int - 1) % 2))::date
			WHEN exact IN (14, 15) THEN date_trunc('year', utc)::date
			WHEN exact = 16 THEN date_trunc('decade', utc)::date END AS day_from,
		CASE WHEN exact BETWEEN 3 AND 5 THEN interval '1 day'
			WHEN exact = 6 THEN interval '7 days'
			WHEN exact = 7 THEN interval '1 month'
			WHEN exact BETWEEN 8 AND 11 THEN interval '3 months'
			WHEN exact IN (12, 13) THEN interval '6 months'
			WHEN exact IN (14, 15) THEN interval '1 year'
			WHEN exact = 16 THEN interval '10 years' END AS span
	FROM (SELECT *, moment AT TIME ZONE 'UTC' AS utc FROM happenings) happenings
	JOIN (SELECT id, craft, mission FROM flights) flight USING (id)
	WHERE CASE WHEN $3 THEN moment <= $1 ELSE moment > $1 - interval '1 year' END AND ($2::bigint IS NULL OR EXISTS (
		SELECT FROM dockings WHERE dockings.id = happenings.id AND dockings.station_id = $2))
	ORDER BY moment DESC, uid
	LIMIT CASE WHEN $3 THEN 100 END
)
SELECT json_build_object(
	'updated', coalesce((SELECT max(greatest(modified, CASE WHEN past THEN moment END)) FROM chosen), $1),
	'station', (SELECT name FROM space_station WHERE id = $2),
	'happenings', coalesce((SELECT json_agg(row_to_json(happening) ORDER BY moment DESC, uid) FROM (
		SELECT kind, uid, id, moment, modified, place, note, failed, craft, mission, past, what,
			day_from, (day_from + span)::date AS day_until
		FROM chosen) happening), '[]')
)::text
