-- 採点のやり直し: a question was wrong, and its answers are marked again.
CREATE TABLE regrades (
	id text PRIMARY KEY,
	course_id text NOT NULL REFERENCES courses (id),
	question text NOT NULL, -- id in the course
	revision_id text NOT NULL REFERENCES revisions (id), -- whose key marked
	rule text NOT NULL CHECK (rule IN ('key', 'all')), -- by the corrected key, or right for everybody
	why text NOT NULL,
	made_by text NOT NULL,
	made_at {{.Time}} NOT NULL,
	answers integer NOT NULL, -- marked again
	better integer NOT NULL,
	worse integer NOT NULL,
	finished integer NOT NULL -- people who thereby finished the course
);

CREATE INDEX regrades_course ON regrades (course_id, made_at);

-- The regrade that marked the answer last; null: it was marked when confirmed.
ALTER TABLE answers ADD COLUMN regrade_id text REFERENCES regrades (id);
