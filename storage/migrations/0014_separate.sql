-- 別途報告: classes held before this system or outside it, as a municipality's post
-- says. They are shown apart and never added to what is counted.
CREATE TABLE separates (
	id text PRIMARY KEY,
	municipality text NOT NULL,
	held_on text NOT NULL, -- YYYY-MM-DD in Japan
	name text NOT NULL,
	people integer NOT NULL,
	source text NOT NULL,
	version integer NOT NULL,
	updated_at {{.Time}} NOT NULL,
	UNIQUE (municipality, held_on, name)
);

-- Files of a letter on its way. They go with it.
CREATE TABLE outbox_files (
	letter text NOT NULL REFERENCES outbox (id) ON DELETE CASCADE,
	position integer NOT NULL,
	name text NOT NULL,
	type text NOT NULL, -- media type
	content {{.Bytes}} NOT NULL,
	PRIMARY KEY (letter, position)
);

-- The name under which somebody wants to know that a letter was taken.
ALTER TABLE outbox ADD COLUMN receipt text NOT NULL DEFAULT '';

CREATE TABLE outbox_receipts (
	receipt text PRIMARY KEY,
	accepted_at {{.Time}} NOT NULL
);

-- Posts that have switched the monthly mail on.
CREATE TABLE mailings (
	post_id text PRIMARY KEY REFERENCES posts (id),
	since {{.Time}} NOT NULL
);

-- Which month a post was written about: once, whoever asks.
CREATE TABLE mailed (
	post_id text NOT NULL REFERENCES posts (id),
	month text NOT NULL, -- YYYY-MM
	recipient text NOT NULL,
	queued_at {{.Time}} NOT NULL,
	PRIMARY KEY (post_id, month)
);
