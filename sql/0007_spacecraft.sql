-- The endpoint of spacecraft: what its lists are ordered, filtered and searched by.

CREATE INDEX spacecraft_flights_count ON spacecraft (flights_count, id);
CREATE INDEX spacecraft_mission_ends_count ON spacecraft (mission_ends_count, id);
CREATE INDEX spacecraft_time_docked ON spacecraft (time_docked, id);
CREATE INDEX spacecraft_time_in_space ON spacecraft (time_in_space, id);
CREATE INDEX spacecraft_config ON spacecraft (spacecraft_config_id, id);
CREATE INDEX spacecraft_status_id ON spacecraft (status_id, id);
CREATE INDEX spacecraft_configuration_name_trigrams ON spacecraft_configuration
	USING gin (name gin_trgm_ops);
