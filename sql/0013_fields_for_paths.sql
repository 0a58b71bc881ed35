-- What no document shows of a row itself, but of what has it in a list: of which launch or event an update tells, and in
-- which launch a first stage flew. Lists are filtered by it.

ALTER TABLE update
	ADD COLUMN launch_id uuid REFERENCES launch ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
	ADD COLUMN event_id bigint REFERENCES event ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
	ADD COLUMN program_id bigint REFERENCES program ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE first_stage
	ADD COLUMN launch_id uuid REFERENCES launch ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
