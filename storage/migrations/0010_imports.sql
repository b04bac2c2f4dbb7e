-- Lists of people that a front desk took in at once. The file is not kept.
CREATE TABLE imports (
	id text PRIMARY KEY,
	made_by text NOT NULL,
	made_at {{.Time}} NOT NULL
);

-- The list that a person came with.
ALTER TABLE accounts ADD COLUMN import_id text REFERENCES imports (id);

CREATE INDEX accounts_import ON accounts (import_id) WHERE import_id IS NOT NULL;
