-- Search tables for any list, and that of launches. What `search` finds in the rows of a resource R is a text for each in
-- R_search, as 0008 has it for flights: made by R_search_texts for keys of R, whose triggers note the rows that a
-- statement may have given another text in R_search_due. The functions behind these triggers were those of flights; now
-- each has the resource as its first argument.

DROP FUNCTION spacecraft_flight_search_note_rows(), spacecraft_flight_search_note_changes(),
	spacecraft_flight_search_note_all(), spacecraft_flight_search_make() CASCADE;

-- Notes the rows of R that are in all rows written: of R itself, or of what is listed in it. Its other argument is
-- their column.
CREATE FUNCTION search_note_rows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('INSERT INTO %1$I SELECT DISTINCT %2$I FROM changed_rows WHERE %2$I IS NOT NULL'
		' ON CONFLICT DO NOTHING', TG_ARGV[0] || '_search_due', TG_ARGV[1]);
	RETURN NULL;
END
$$;

-- Notes the rows of R that refer to rows of which any of some columns has changed. Its other arguments are these
-- columns, as a list, and then where rows of R refer to them: a view and a column of it, in turn. There is none to note
-- for rows that are new: who refers to them is written in the same transaction, or the foreign keys would be broken,
-- and is noted for itself.
CREATE FUNCTION search_note_changes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	differ text := (SELECT string_agg(format('n.%1$I IS DISTINCT FROM o.%1$I', name), ' OR ')
		FROM regexp_split_to_table(TG_ARGV[1], ', ') name);
	any_changed boolean;
BEGIN
	EXECUTE format('SELECT EXISTS (SELECT FROM new_rows n JOIN old_rows o USING (id) WHERE %s)', differ)
		INTO any_changed;
	FOR i IN 2 .. CASE WHEN any_changed THEN TG_NARGS - 1 ELSE 0 END BY 2 LOOP
		EXECUTE format('INSERT INTO %I SELECT DISTINCT id FROM %I WHERE %I IN'
			' (SELECT n.id FROM new_rows n JOIN old_rows o USING (id) WHERE %s)'
			' ON CONFLICT DO NOTHING', TG_ARGV[0] || '_search_due', TG_ARGV[i], TG_ARGV[i + 1], differ);
	END LOOP;
	RETURN NULL;
END
$$;

CREATE FUNCTION search_note_all() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('INSERT INTO %I SELECT id FROM %I ON CONFLICT DO NOTHING', TG_ARGV[0] || '_search_due',
		TG_ARGV[0]);
	RETURN NULL;
END
$$;

-- Makes the texts that are due. Planned for how many there are: one, or all of a first import.
CREATE FUNCTION search_make() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	made text := TG_ARGV[0] || '_search';
	due text;
BEGIN
	EXECUTE format('WITH taken AS (DELETE FROM %I RETURNING id) SELECT array_agg(id)::text FROM taken',
		made || '_due') INTO due;
	IF due IS NOT NULL THEN
		EXECUTE format('INSERT INTO %I AS s SELECT * FROM %I(%L) ON CONFLICT (id) DO UPDATE SET %s'
			' WHERE s.* IS DISTINCT FROM excluded.*', made, made || '_texts', due,
			(SELECT string_agg(format('%1$I = excluded.%1$I', attname), ', ') FROM pg_attribute
				WHERE attrelid = made::regclass AND attnum > 0 AND attname <> 'id'));
	END IF;
	RETURN NULL;
END
$$;

-- Puts triggers on a table whose every row tells of a row of R in that column. Triggers' names come behind those of
-- 0002, which take the lock of catalog_version.
CREATE FUNCTION search_watch_rows(resource text, watched regclass, field text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	event record;
BEGIN
	FOR event IN SELECT * FROM (VALUES ('insert', 'INSERT', 'NEW'), ('update_old', 'UPDATE', 'OLD'),
		('update_new', 'UPDATE', 'NEW'), ('delete', 'DELETE', 'OLD')) v (name, of, rows)
	LOOP
		EXECUTE format('CREATE TRIGGER search_%s_%s AFTER %s ON %s REFERENCING %s TABLE AS changed_rows'
			' EXECUTE FUNCTION search_note_rows(%L, %L)', resource, event.name, event.of, watched, event.rows,
			resource, field);
	END LOOP;
	EXECUTE format('CREATE TRIGGER search_%s_truncate AFTER TRUNCATE ON %s'
		' EXECUTE FUNCTION search_note_all(%L)', resource, watched, resource);
END
$$;

-- Puts a trigger on a table that rows of R refer to, where any of its fields is in the text or on the way to what is:
-- `referred` are the views R_search_<view> and their columns, as `path.agency_id path.maker_id`.
CREATE FUNCTION search_watch_changes(resource text, watched regclass, fields text, referred text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('CREATE TRIGGER search_%s_changed AFTER UPDATE ON %s REFERENCING OLD TABLE AS old_rows'
		' NEW TABLE AS new_rows EXECUTE FUNCTION search_note_changes(%L, %L, %s)', resource, watched, resource,
		fields, (SELECT string_agg(format('%L, %L', resource || '_search_' || split_part(way, '.', 1),
			split_part(way, '.', 2)), ', ') FROM regexp_split_to_table(referred, ' ') way));
END
$$;

-- Puts those on R itself, and the one that makes texts: each transaction that changes a resource counts itself in
-- catalog_version, once, and holds its lock from then to its end, so that what is due is one transaction's alone. A row
-- that is deleted takes its text with it.
CREATE FUNCTION search_watch(resource text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('CREATE CONSTRAINT TRIGGER search_%s_make AFTER UPDATE ON catalog_version'
		' DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION search_make(%L)', resource, resource);
	EXECUTE format('CREATE TRIGGER search_%s_insert AFTER INSERT ON %I REFERENCING NEW TABLE AS changed_rows'
		' EXECUTE FUNCTION search_note_rows(%L, ''id'')', resource, resource, resource);
END
$$;

-- Flights.
SELECT search_watch('spacecraft_flight');
SELECT search_watch_rows('spacecraft_flight', ('spacecraft_flight_' || crew)::regclass, 'spacecraft_flight_id')
	FROM unnest(ARRAY['launch_crew', 'onboard_crew', 'landing_crew']) crew;
SELECT search_watch_changes('spacecraft_flight', watched::regclass, fields, referred) FROM (VALUES
	('spacecraft_flight', 'destination, spacecraft_id, launch_id', 'path.id'),
	('spacecraft', 'name, serial_number, spacecraft_config_id', 'path.spacecraft_id'),
	('spacecraft_configuration', 'name, agency_id', 'path.spacecraft_config_id'),
	('agency', 'name, abbrev', 'path.agency_id path.launch_service_provider_id'),
	('launch', 'name, mission_id, launch_service_provider_id, rocket_id', 'path.launch_id'),
	('rocket', 'configuration_id', 'path.rocket_id'),
	('launcher_configuration', 'name, full_name', 'path.configuration_id'),
	('mission', 'name, type', 'path.mission_id'),
	('astronaut_flight', 'astronaut_id', 'crew.astronaut_flight_id'),
	('astronaut', 'name', 'crew.astronaut_id')) v (watched, fields, referred);

-- Launches. Where several of its flights are in a launch's text, a search for several terms must find them in one
-- combination of all rows, which the text does not tell.
CREATE TABLE launch_search (
	id uuid PRIMARY KEY,
	text text NOT NULL,
	several boolean NOT NULL
);

CREATE TABLE launch_search_due (
	id uuid PRIMARY KEY
);

-- All that a launch refers to, once for each launch.
CREATE VIEW launch_search_path AS
	SELECT l.id, l.name, l.launch_designator, l.launch_service_provider_id, l.mission_id, l.pad_id, p.location_id,
		l.rocket_id, r.configuration_id, c.manufacturer_id
	FROM launch l
	LEFT JOIN pad p ON p.id = l.pad_id
	LEFT JOIN rocket r ON r.id = l.rocket_id
	LEFT JOIN launcher_configuration c ON c.id = r.configuration_id;

-- Its flights, once for each.
CREATE VIEW launch_search_flight AS
	SELECT launch_id AS id, spacecraft_id FROM spacecraft_flight WHERE launch_id IS NOT NULL;

-- The texts of these launches, as far as they exist.
CREATE FUNCTION launch_search_texts(launches uuid[])
RETURNS TABLE (id uuid, text text, several boolean) LANGUAGE sql STABLE AS $$
	SELECT l.id, coalesce((
		SELECT lower(string_agg(DISTINCT translate(field, E'\x1F', ' '), E'\x1F'))
		FROM unnest(ARRAY[l.launch_designator, a.name, m.name, l.name, o.name, p.name, f.abbrev, f.name, c.name]
			|| flown.names) field
		WHERE field <> ''), ''), coalesce(flown.count > 1, false)
	FROM launch_search_path l
	LEFT JOIN agency a ON a.id = l.launch_service_provider_id
	LEFT JOIN mission m ON m.id = l.mission_id
	LEFT JOIN pad p ON p.id = l.pad_id
	LEFT JOIN location o ON o.id = l.location_id
	LEFT JOIN launcher_configuration c ON c.id = l.configuration_id
	LEFT JOIN agency f ON f.id = l.manufacturer_id
	LEFT JOIN (
		SELECT w.id, count(*) AS count, array_agg(s.name) AS names
		FROM launch_search_flight w LEFT JOIN spacecraft s ON s.id = w.spacecraft_id
		WHERE w.id = ANY (launches) GROUP BY w.id
	) flown ON flown.id = l.id
	WHERE l.id = ANY (launches)
$$;

SELECT search_watch('launch');
SELECT search_watch_rows('launch', 'spacecraft_flight', 'launch_id');
SELECT search_watch_changes('launch', watched::regclass, fields, referred) FROM (VALUES
	('launch', 'name, launch_designator, launch_service_provider_id, mission_id, pad_id, rocket_id', 'path.id'),
	('agency', 'name, abbrev', 'path.launch_service_provider_id path.manufacturer_id'),
	('mission', 'name', 'path.mission_id'),
	('pad', 'name, location_id', 'path.pad_id'),
	('location', 'name', 'path.location_id'),
	('rocket', 'configuration_id', 'path.rocket_id'),
	('launcher_configuration', 'name, manufacturer_id', 'path.configuration_id'),
	('spacecraft', 'name', 'flight.spacecraft_id')) v (watched, fields, referred);

-- Planned for all launches.
DO $$
BEGIN
	EXECUTE 'INSERT INTO launch_search SELECT * FROM launch_search_texts($1)' USING ARRAY(SELECT id FROM launch);
END
$$;

CREATE INDEX launch_search_trigrams ON launch_search USING gin (text gin_trgm_ops);
ALTER TABLE launch_search ADD FOREIGN KEY (id) REFERENCES launch ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;

-- From an orbit to the launches into it, without a look at their missions.
CREATE INDEX mission_orbit_id ON mission (orbit_id, id);
DROP INDEX mission_orbit;

-- Searches of launches took these.
DROP INDEX launch_designator_trigrams, mission_name_trigrams;
