-- Searching for a part of a name, by trigrams; and the way from missions to launches that it takes.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

CREATE INDEX spacecraft_name_trigrams ON spacecraft USING gin (name gin_trgm_ops);
CREATE INDEX spacecraft_serial_number_trigrams ON spacecraft USING gin (serial_number gin_trgm_ops);
CREATE INDEX launch_name_trigrams ON launch USING gin (name gin_trgm_ops);
CREATE INDEX mission_name_trigrams ON mission USING gin (name gin_trgm_ops);
CREATE INDEX spacecraft_flight_destination_trigrams ON spacecraft_flight
	USING gin (destination gin_trgm_ops);
CREATE INDEX launch_mission ON launch (mission_id);
