-- Two accounts of one person become one. The one that ends is an erased row that
-- still knows its number and the account it became part of, as long as that lives.
ALTER TABLE accounts ADD COLUMN merged_into text;

CREATE INDEX accounts_merged ON accounts (merged_into) WHERE merged_into IS NOT NULL;

-- The later of one person's two completions, with the one that stays: it counts
-- nowhere.
ALTER TABLE completions ADD COLUMN merged_into text;

CREATE INDEX completions_merged ON completions (merged_into) WHERE merged_into IS NOT NULL;

-- 別の人: who look like one person and are not. The smaller id is the first.
CREATE TABLE different_people (
	first_id text NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
	second_id text NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
	decided_by text NOT NULL,
	decided_at {{.Time}} NOT NULL,
	PRIMARY KEY (first_id, second_id),
	CHECK (first_id < second_id)
);

CREATE INDEX different_people_second ON different_people (second_id);
