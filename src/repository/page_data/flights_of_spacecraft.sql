-- The flights of the spacecraft of flight $1, in the order of their launches: which one the page is of, and which
-- come before and after it.
SELECT coalesce(json_agg(json_build_object(
	'id', id, 'name', name, 'net', to_char(net AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
	'current', id = $1,
	'rel', CASE $1 WHEN following THEN 'prev' WHEN preceding THEN 'next' END)
	ORDER BY net, id), '[]')::text
FROM (
	SELECT flight.id, launch.net, coalesce(mission.name, launch.name) AS name,
		lead(flight.id) OVER in_order AS following, lag(flight.id) OVER in_order AS preceding
	FROM spacecraft_flight flight
	JOIN launch ON launch.id = flight.launch_id
	LEFT JOIN mission ON mission.id = launch.mission_id
	WHERE flight.spacecraft_id = (SELECT spacecraft_id FROM spacecraft_flight WHERE id = $1)
	WINDOW in_order AS (ORDER BY launch.net, flight.id)
) flights
