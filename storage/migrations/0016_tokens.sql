-- Keys with which another system pulls the counts. They belong to a post, not to the
-- person who made them.
CREATE TABLE tokens (
	id text PRIMARY KEY,
	token_sha256 text NOT NULL UNIQUE,
	post_id text NOT NULL REFERENCES posts (id),
	municipalities text NOT NULL, -- codes with a space between, of those of the post
	purpose text NOT NULL,
	created_at {{.Time}} NOT NULL,
	used_at {{.Time}}, -- to the hour
	ended_at {{.Time}},
	minute {{.Big}} NOT NULL, -- since 1970, of the newest pull
	pulls integer NOT NULL -- in that minute
);

CREATE INDEX tokens_post ON tokens (post_id);
