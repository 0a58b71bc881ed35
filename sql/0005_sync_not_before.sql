-- What a throttling upstream asked for, where that was longer than the pass would wait: until then the
-- server makes none by itself.
ALTER TABLE sync_pass ADD COLUMN not_before timestamptz;
