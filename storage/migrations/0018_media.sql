-- The media that a published revision shows: everybody may have them.
CREATE TABLE revision_media (
	revision_id text NOT NULL REFERENCES revisions (id),
	sha256 text NOT NULL REFERENCES media (sha256),
	PRIMARY KEY (revision_id, sha256)
);

CREATE INDEX revision_media_sha256 ON revision_media (sha256);

-- The media that a course's draft holds: only who may edit it has them.
CREATE TABLE draft_media (
	course_id text NOT NULL REFERENCES courses (id),
	sha256 text NOT NULL REFERENCES media (sha256),
	PRIMARY KEY (course_id, sha256)
);

CREATE INDEX draft_media_sha256 ON draft_media (sha256);
