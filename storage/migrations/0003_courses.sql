CREATE TABLE courses (
	id text PRIMARY KEY,
	slug text NOT NULL UNIQUE,
	position integer NOT NULL,
	newest_revision text, -- null only between the course's row and its first revision
	created_at {{.Time}} NOT NULL
);

-- A revision never changes: it is parsed and rendered once and kept in memory.
CREATE TABLE revisions (
	id text PRIMARY KEY,
	course_id text NOT NULL REFERENCES courses (id),
	number integer NOT NULL,
	sha256 text NOT NULL,
	document {{.JSON}} NOT NULL,
	published_at {{.Time}} NOT NULL,
	UNIQUE (course_id, number)
);

CREATE TABLE enrolments (
	id text PRIMARY KEY,
	account_id text NOT NULL REFERENCES accounts (id),
	course_id text NOT NULL REFERENCES courses (id),
	cycle integer NOT NULL,
	started_at {{.Time}} NOT NULL,
	UNIQUE (account_id, course_id, cycle)
);

CREATE TABLE progress (
	enrolment_id text NOT NULL REFERENCES enrolments (id) ON DELETE CASCADE,
	step text NOT NULL, -- lesson:ID, check:MODULE or closing
	done_at {{.Time}} NOT NULL,
	PRIMARY KEY (enrolment_id, step)
);

-- Kept for ever; an erased person's enrolment and account are gone from it.
CREATE TABLE completions (
	id text PRIMARY KEY,
	enrolment_id text UNIQUE REFERENCES enrolments (id) ON DELETE SET NULL,
	account_id text REFERENCES accounts (id),
	course_id text NOT NULL REFERENCES courses (id),
	revision_id text NOT NULL REFERENCES revisions (id),
	cycle integer NOT NULL,
	supporters boolean NOT NULL,
	completed_on text NOT NULL, -- 修了日 in Japan, YYYY-MM-DD
	completed_at {{.Time}} NOT NULL,
	municipality text NOT NULL, -- of residence on that day: six digits, or empty
	prefecture text NOT NULL,
	age_band text NOT NULL,
	class_id text
);

CREATE INDEX completions_account ON completions (account_id);

CREATE INDEX completions_counted ON completions (course_id, municipality, completed_on);
