-- What `search` looks for in a flight: one text for each, of the flight's own fields and of what it refers
-- to, in lower case, so that a search is one condition on one column with one trigram index. Fields are
-- parted by U+001F, which counts as a space within them, so that no term matches across two of them.
--
-- Triggers note which flights a statement may have given another text; at the end of the transaction, when
-- all rows that it writes are there, whatever their order was, these texts are made at once.

CREATE TABLE spacecraft_flight_search (
	id bigint PRIMARY KEY,
	text text NOT NULL
);

-- Flights whose texts this transaction makes at its end; empty otherwise.
CREATE TABLE spacecraft_flight_search_due (
	id bigint PRIMARY KEY
);

-- All that a flight refers to, once for each flight.
CREATE VIEW spacecraft_flight_search_path AS
	SELECT f.id, f.destination, f.spacecraft_id, s.spacecraft_config_id, c.agency_id, f.launch_id, l.mission_id,
		l.launch_service_provider_id, l.rocket_id, r.configuration_id
	FROM spacecraft_flight f
	LEFT JOIN spacecraft s ON s.id = f.spacecraft_id
	LEFT JOIN spacecraft_configuration c ON c.id = s.spacecraft_config_id
	LEFT JOIN launch l ON l.id = f.launch_id
	LEFT JOIN rocket r ON r.id = l.rocket_id;

-- Its crews, once for each member and crew.
CREATE VIEW spacecraft_flight_search_crew AS
	SELECT c.id, c.astronaut_flight_id, p.astronaut_id
	FROM (
		SELECT spacecraft_flight_id AS id, astronaut_flight_id FROM spacecraft_flight_launch_crew
		UNION ALL
		SELECT spacecraft_flight_id, astronaut_flight_id FROM spacecraft_flight_onboard_crew
		UNION ALL
		SELECT spacecraft_flight_id, astronaut_flight_id FROM spacecraft_flight_landing_crew
	) c JOIN astronaut_flight p ON p.id = c.astronaut_flight_id;

-- The texts of these flights, as far as they exist.
CREATE FUNCTION spacecraft_flight_search_texts(flights bigint[])
RETURNS TABLE (id bigint, text text) LANGUAGE sql STABLE AS $$
	SELECT f.id, coalesce((
		SELECT lower(string_agg(DISTINCT translate(field, E'\x1F', ' '), E'\x1F'))
		FROM unnest(ARRAY[f.destination, s.name, s.serial_number, c.name, a.name, a.abbrev, l.name,
			p.name, p.abbrev, v.name, v.full_name, m.name, m.type] || crew.names) field
		WHERE field <> ''), '')
	FROM spacecraft_flight_search_path f
	LEFT JOIN spacecraft s ON s.id = f.spacecraft_id
	LEFT JOIN spacecraft_configuration c ON c.id = f.spacecraft_config_id
	LEFT JOIN agency a ON a.id = f.agency_id
	LEFT JOIN launch l ON l.id = f.launch_id
	LEFT JOIN agency p ON p.id = f.launch_service_provider_id
	LEFT JOIN launcher_configuration v ON v.id = f.configuration_id
	LEFT JOIN mission m ON m.id = f.mission_id
	LEFT JOIN (
		SELECT w.id, array_agg(DISTINCT o.name) AS names
		FROM spacecraft_flight_search_crew w JOIN astronaut o ON o.id = w.astronaut_id
		WHERE w.id = ANY (flights) GROUP BY w.id
	) crew ON crew.id = f.id
	WHERE f.id = ANY (flights)
$$;

-- Notes the flights of all rows: of flights themselves or of crews. Its argument is the flight's column.
CREATE FUNCTION spacecraft_flight_search_note_rows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('INSERT INTO spacecraft_flight_search_due SELECT DISTINCT %I FROM changed_rows'
		' ON CONFLICT DO NOTHING', TG_ARGV[0]);
	RETURN NULL;
END
$$;

-- Notes the flights that refer to rows of which any of some columns has changed. Its arguments are these
-- columns, as a list, and then where flights refer to them: a view and a column of it, in turn. There is
-- none to note for rows that are new: who refers to them is written in the same transaction, or the foreign
-- keys would be broken, and is noted for itself.
CREATE FUNCTION spacecraft_flight_search_note_changes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	differ text := (SELECT string_agg(format('n.%1$I IS DISTINCT FROM o.%1$I', name), ' OR ')
		FROM regexp_split_to_table(TG_ARGV[0], ', ') name);
	any_changed boolean;
BEGIN
	EXECUTE format('SELECT EXISTS (SELECT FROM new_rows n JOIN old_rows o USING (id) WHERE %s)', differ)
		INTO any_changed;
	FOR i IN 1 .. CASE WHEN any_changed THEN TG_NARGS - 1 ELSE 0 END BY 2 LOOP
		EXECUTE format('INSERT INTO spacecraft_flight_search_due'
			' SELECT DISTINCT id FROM %I WHERE %I IN'
			' (SELECT n.id FROM new_rows n JOIN old_rows o USING (id) WHERE %s)'
			' ON CONFLICT DO NOTHING', TG_ARGV[i], TG_ARGV[i + 1], differ);
	END LOOP;
	RETURN NULL;
END
$$;

CREATE FUNCTION spacecraft_flight_search_note_all() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO spacecraft_flight_search_due SELECT id FROM spacecraft_flight ON CONFLICT DO NOTHING;
	RETURN NULL;
END
$$;

-- Makes the texts that are due. Planned for how many there are: one, or all of a first import.
CREATE FUNCTION spacecraft_flight_search_make() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	due bigint[];
BEGIN
	WITH taken AS (DELETE FROM spacecraft_flight_search_due RETURNING id)
		SELECT array_agg(id) FROM taken INTO due;
	IF due IS NOT NULL THEN
		EXECUTE 'INSERT INTO spacecraft_flight_search AS s'
			' SELECT id, text FROM spacecraft_flight_search_texts($1)'
			' ON CONFLICT (id) DO UPDATE SET text = excluded.text WHERE s.text <> excluded.text'
			USING due;
	END IF;
	RETURN NULL;
END
$$;

-- Each transaction that changes a resource counts itself in this row, once, and holds its lock from then to
-- its end: writers take turns, and what is due is one transaction's alone.
CREATE CONSTRAINT TRIGGER search_make AFTER UPDATE ON catalog_version DEFERRABLE INITIALLY DEFERRED
	FOR EACH ROW EXECUTE FUNCTION spacecraft_flight_search_make();

-- The triggers' names come behind those of 0002, which take that lock. A flight that is deleted takes its
-- text with it.
CREATE TRIGGER search_insert AFTER INSERT ON spacecraft_flight REFERENCING NEW TABLE AS changed_rows
	EXECUTE FUNCTION spacecraft_flight_search_note_rows('id');

DO $$
DECLARE
	crew text;
	event record;
	watched record;
BEGIN
	FOREACH crew IN ARRAY ARRAY['launch_crew', 'onboard_crew', 'landing_crew'] LOOP
		FOR event IN SELECT * FROM (VALUES ('insert', 'INSERT', 'NEW'), ('update_old', 'UPDATE', 'OLD'),
			('update_new', 'UPDATE', 'NEW'), ('delete', 'DELETE', 'OLD')) v (name, of, rows)
		LOOP
			EXECUTE format('CREATE TRIGGER search_%s AFTER %s ON spacecraft_flight_%s'
				' REFERENCING %s TABLE AS changed_rows EXECUTE FUNCTION'
				' spacecraft_flight_search_note_rows(''spacecraft_flight_id'')',
				event.name, event.of, crew, event.rows);
		END LOOP;
		EXECUTE format('CREATE TRIGGER search_truncate AFTER TRUNCATE ON spacecraft_flight_%s'
			' EXECUTE FUNCTION spacecraft_flight_search_note_all()', crew);
	END LOOP;
	FOR watched IN SELECT * FROM (VALUES
		('spacecraft_flight', 'destination, spacecraft_id, launch_id', 'path.id'),
		('spacecraft', 'name, serial_number, spacecraft_config_id', 'path.spacecraft_id'),
		('spacecraft_configuration', 'name, agency_id', 'path.spacecraft_config_id'),
		('agency', 'name, abbrev', 'path.agency_id path.launch_service_provider_id'),
		('launch', 'name, mission_id, launch_service_provider_id, rocket_id', 'path.launch_id'),
		('rocket', 'configuration_id', 'path.rocket_id'),
		('launcher_configuration', 'name, full_name', 'path.configuration_id'),
		('mission', 'name, type', 'path.mission_id'),
		('astronaut_flight', 'astronaut_id', 'crew.astronaut_flight_id'),
		('astronaut', 'name', 'crew.astronaut_id')) v (relation, fields, referred)
	LOOP
		EXECUTE format('CREATE TRIGGER search_update AFTER UPDATE ON %I'
			' REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows'
			' EXECUTE FUNCTION spacecraft_flight_search_note_changes(%L, %s)', watched.relation,
			watched.fields, (SELECT string_agg(format('%L, %L', 'spacecraft_flight_search_'
			|| split_part(way, '.', 1), split_part(way, '.', 2)), ', ')
			FROM regexp_split_to_table(watched.referred, ' ') way));
	END LOOP;
END
$$;

-- Planned for all flights.
DO $$
BEGIN
	EXECUTE 'INSERT INTO spacecraft_flight_search SELECT id, text FROM spacecraft_flight_search_texts($1)'
		USING ARRAY(SELECT id FROM spacecraft_flight);
END
$$;

CREATE INDEX spacecraft_flight_search_trigrams ON spacecraft_flight_search USING gin (text gin_trgm_ops);
ALTER TABLE spacecraft_flight_search ADD FOREIGN KEY (id) REFERENCES spacecraft_flight ON DELETE CASCADE
	DEFERRABLE INITIALLY DEFERRED;

-- Searches of flights took these; that of spacecraft by name still takes its own.
DROP INDEX spacecraft_serial_number_trigrams, launch_name_trigrams, mission_name_trigrams,
	spacecraft_flight_destination_trigrams;

-- What lists of flights are ordered by beside what 0001 has. Orders by other fields sort all rows.
CREATE INDEX spacecraft_flight_turn_around_time ON spacecraft_flight (turn_around_time, id);
CREATE INDEX launch_name ON launch ((left(name, 255) COLLATE "C"), id);
CREATE INDEX spacecraft_serial_number ON spacecraft ((left(serial_number, 255) COLLATE "C"), id);
CREATE INDEX spacecraft_in_space ON spacecraft (in_space, id);
