ALTER TABLE courses ADD COLUMN owner text REFERENCES accounts (id); -- null: the operator's

ALTER TABLE courses ADD COLUMN archived_at {{.Time}};

-- The revision that the draft began from or was published as last; null without
-- a draft, and in a course that was never published.
ALTER TABLE courses ADD COLUMN draft_base text;

ALTER TABLE courses ADD COLUMN edited_at {{.Time}}; -- when the draft was changed last

ALTER TABLE revisions ADD COLUMN published_by text; -- account; null: the program or a command

CREATE TABLE course_shares (
	course_id text NOT NULL REFERENCES courses (id),
	account_id text NOT NULL REFERENCES accounts (id),
	shared_at {{.Time}} NOT NULL,
	PRIMARY KEY (course_id, account_id)
);

CREATE INDEX course_shares_account ON course_shares (account_id);

CREATE TABLE draft_pieces (
	course_id text NOT NULL REFERENCES courses (id),
	kind text NOT NULL, -- course, module, lesson, question or picture
	name text NOT NULL, -- its id in the course; empty for the course itself
	parent text NOT NULL, -- the module of a lesson or question, else empty
	position integer NOT NULL,
	body {{.JSON}} NOT NULL,
	version integer NOT NULL,
	archived_at {{.Time}},
	updated_by text NOT NULL,
	updated_at {{.Time}} NOT NULL,
	PRIMARY KEY (course_id, kind, name)
);

-- The last 20 states of each piece, to return to.
CREATE TABLE draft_saves (
	id text PRIMARY KEY,
	course_id text NOT NULL,
	kind text NOT NULL,
	name text NOT NULL,
	body {{.JSON}} NOT NULL,
	how text NOT NULL, -- saved, auto (kept by itself while writing), beside (somebody else was first), restored
	saved_by text NOT NULL,
	begun_at {{.Time}} NOT NULL,
	saved_at {{.Time}} NOT NULL,
	FOREIGN KEY (course_id, kind, name) REFERENCES draft_pieces (course_id, kind, name) ON DELETE CASCADE
);

CREATE INDEX draft_saves_piece ON draft_saves (course_id, kind, name, saved_at);

-- A step that was changed so much that everybody in the middle is asked for it
-- again: what was done before renewed_at no longer counts.
CREATE TABLE renewals (
	course_id text NOT NULL REFERENCES courses (id),
	step text NOT NULL,
	renewed_at {{.Time}} NOT NULL,
	PRIMARY KEY (course_id, step)
);
