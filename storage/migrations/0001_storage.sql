CREATE TABLE receipts (
	id text PRIMARY KEY,
	actor text NOT NULL,
	kind text NOT NULL,
	body_sha256 text NOT NULL,
	receipt text NOT NULL,
	created_at {{.Time}} NOT NULL
);

CREATE TABLE media (
	sha256 text PRIMARY KEY,
	type text NOT NULL,
	content {{.Bytes}} NOT NULL,
	created_at {{.Time}} NOT NULL
);

CREATE TABLE settings (
	name text PRIMARY KEY,
	value text NOT NULL,
	updated_at {{.Time}} NOT NULL
);

-- Outgoing mail, deleted once accepted.
CREATE TABLE outbox (
	id text PRIMARY KEY,
	recipient text NOT NULL,
	subject text NOT NULL,
	body text NOT NULL,
	tries integer NOT NULL,
	due_at {{.Time}} NOT NULL,
	expires_at {{.Time}} NOT NULL, -- of no more use afterwards
	last_error text NOT NULL,
	created_at {{.Time}} NOT NULL
);

CREATE INDEX outbox_due ON outbox (due_at);
