-- What searches of launches, landings, payloads and flights look for a part of, in tables that get large; and the few
-- spacecraft that stand for one to come.

CREATE INDEX launch_name_trigrams ON launch USING gin (name gin_trgm_ops);
CREATE INDEX mission_name_trigrams ON mission USING gin (name gin_trgm_ops);
CREATE INDEX spacecraft_serial_number_trigrams ON spacecraft USING gin (serial_number gin_trgm_ops);
CREATE INDEX payload_flight_destination_trigrams ON payload_flight USING gin (destination gin_trgm_ops);
CREATE INDEX spacecraft_placeholder ON spacecraft (id) WHERE is_placeholder;
