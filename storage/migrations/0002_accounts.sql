-- People: guests, learners and staff. What is erased leaves an empty row, so that
-- certificates and counts keep what they refer to.
CREATE TABLE accounts (
	id text PRIMARY KEY,
	state text NOT NULL CHECK (state IN ('guest', 'active', 'erased')),
	number text NOT NULL, -- 受講番号, 8 digits, empty without a card
	family_name text NOT NULL,
	given_name text NOT NULL,
	family_kana text NOT NULL,
	given_kana text NOT NULL,
	printed_name text NOT NULL, -- 証に載せる表記, mostly empty
	search_kana text{{if .Postgres}} COLLATE "C"{{end}} NOT NULL, -- both kana, normalised
	municipality text NOT NULL, -- 6 digits, empty outside the home prefecture
	prefecture text NOT NULL, -- 2 digits
	age_band text NOT NULL,
	email text NOT NULL, -- confirmed, as typed
	email_key text NOT NULL, -- the same in lower case
	version integer NOT NULL,
	created_at {{.Time}} NOT NULL,
	registered_at {{.Time}},
	seen_at {{.Time}} NOT NULL,
	erased_at {{.Time}}
);

CREATE UNIQUE INDEX accounts_number ON accounts (number) WHERE number <> '';

CREATE INDEX accounts_search ON accounts (municipality, search_kana);

CREATE INDEX accounts_email ON accounts (email_key) WHERE email_key <> '';

CREATE INDEX accounts_guests ON accounts (seen_at) WHERE state = 'guest';

-- Where somebody lived from which day on (Japan time).
CREATE TABLE residences (
	account_id text NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
	since text NOT NULL,
	municipality text NOT NULL,
	prefecture text NOT NULL,
	PRIMARY KEY (account_id, since)
);

-- 受講カード. The current one has no end.
CREATE TABLE cards (
	id text PRIMARY KEY,
	account_id text NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
	words text NOT NULL, -- argon2id, empty once ended
	token_sha256 text UNIQUE, -- of the QR, null once ended
	shown_in text, -- session that may see it until it is kept
	made_by text, -- staff account, null for the learner's first
	made_at {{.Time}} NOT NULL,
	kept_at {{.Time}},
	ended_at {{.Time}}
);

CREATE UNIQUE INDEX cards_current ON cards (account_id) WHERE ended_at IS NULL;

CREATE TABLE sessions (
	token_sha256 text PRIMARY KEY,
	id text NOT NULL UNIQUE,
	account_id text NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
	kind text NOT NULL CHECK (kind IN ('learner', 'staff')),
	device text NOT NULL,
	created_at {{.Time}} NOT NULL,
	seen_at {{.Time}} NOT NULL,
	expires_at {{.Time}} NOT NULL
);

CREATE INDEX sessions_account ON sessions (account_id);

-- One more proof that was asked for: a code by mail, or the second step of staff.
CREATE TABLE challenges (
	id text PRIMARY KEY,
	purpose text NOT NULL CHECK (purpose IN ('signin', 'email', 'office', 'totp')),
	browser_sha256 text NOT NULL UNIQUE, -- of the value in the cookie of the browser that asked
	account_id text REFERENCES accounts (id) ON DELETE CASCADE,
	email text NOT NULL,
	code_sha256 text NOT NULL,
	tries integer NOT NULL,
	created_at {{.Time}} NOT NULL,
	expires_at {{.Time}} NOT NULL,
	passed_at {{.Time}}
);

CREATE INDEX challenges_expiry ON challenges (expires_at);

-- Wrong guesses and asked mails, for the limits. address is a hash whose salt
-- is thrown away every day.
CREATE TABLE guesses (
	id text PRIMARY KEY,
	kind text NOT NULL,
	address text NOT NULL,
	at {{.Time}} NOT NULL
);

CREATE INDEX guesses_address ON guesses (kind, address, at);

CREATE INDEX guesses_at ON guesses (kind, at);

-- 係. People come and go, the post stays.
CREATE TABLE posts (
	id text PRIMARY KEY,
	name text NOT NULL,
	role text NOT NULL CHECK (role IN ('admin', 'desk', 'officer', 'trainer')),
	municipalities text NOT NULL, -- codes with a space between
	office_email text NOT NULL,
	version integer NOT NULL,
	created_at {{.Time}} NOT NULL,
	ended_at {{.Time}}
);

CREATE TABLE members (
	id text PRIMARY KEY,
	post_id text NOT NULL REFERENCES posts (id),
	account_id text NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
	began_at {{.Time}} NOT NULL,
	ended_at {{.Time}}
);

CREATE UNIQUE INDEX members_current ON members (account_id, post_id) WHERE ended_at IS NULL;

CREATE INDEX members_post ON members (post_id);

CREATE TABLE staff (
	account_id text PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
	email_key text NOT NULL UNIQUE,
	password text NOT NULL, -- argon2id
	totp_secret text NOT NULL, -- empty: code to the office address
	totp_pending text NOT NULL, -- shown, not yet confirmed
	totp_step {{.Big}} NOT NULL, -- last used, so that no code works twice
	updated_at {{.Time}} NOT NULL
);

CREATE TABLE invitations (
	id text PRIMARY KEY,
	token_sha256 text NOT NULL UNIQUE,
	post_id text REFERENCES posts (id),
	account_id text REFERENCES accounts (id) ON DELETE CASCADE, -- who sets a new password, null for somebody new
	invited_by text NOT NULL,
	created_at {{.Time}} NOT NULL,
	expires_at {{.Time}} NOT NULL,
	accepted_at {{.Time}}
);

-- Who did what to whom, and why: ids, codes and the reason given.
CREATE TABLE audit (
	id text PRIMARY KEY,
	at {{.Time}} NOT NULL,
	actor_id text NOT NULL,
	act text NOT NULL,
	subject_id text NOT NULL,
	detail text NOT NULL,
	why text NOT NULL
);

CREATE INDEX audit_at ON audit (at);

CREATE INDEX audit_subject ON audit (subject_id, at);

CREATE TABLE consents (
	id text PRIMARY KEY,
	account_id text NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
	kind text NOT NULL CHECK (kind IN ('privacy', 'contact')),
	how text NOT NULL,
	contact text NOT NULL, -- empty once withdrawn
	municipality text NOT NULL DEFAULT '', -- whom it was given to; who moves is asked again
	given_at {{.Time}} NOT NULL,
	withdrawn_at {{.Time}}
);

CREATE INDEX consents_account ON consents (account_id, kind);

CREATE TABLE helplines (
	id text PRIMARY KEY,
	position integer NOT NULL,
	name text NOT NULL,
	phone text NOT NULL,
	hours text NOT NULL,
	note text NOT NULL,
	confirmed_on text NOT NULL, -- YYYY-MM-DD, empty: 未確認
	version integer NOT NULL,
	updated_at {{.Time}} NOT NULL
);

-- つながり先.
CREATE TABLE places (
	id text PRIMARY KEY,
	municipality text NOT NULL,
	kind text NOT NULL CHECK (kind IN ('support', 'everyday')),
	slot text NOT NULL, -- which of the three labelled blanks it fills, else empty
	name text NOT NULL,
	for_whom text NOT NULL,
	hours text NOT NULL,
	phone text NOT NULL,
	address text NOT NULL,
	confirmed_on text NOT NULL,
	version integer NOT NULL,
	updated_at {{.Time}} NOT NULL
);

CREATE UNIQUE INDEX places_slot ON places (municipality, slot) WHERE slot <> '';

CREATE INDEX places_municipality ON places (municipality, kind);
