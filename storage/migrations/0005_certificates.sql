-- 発行者. The code is part of every number: a municipality's six digits, or three
-- of our own for everybody else.
CREATE TABLE issuers (
	id text PRIMARY KEY,
	kind text NOT NULL CHECK (kind IN ('operator', 'municipality', 'host')),
	code text NOT NULL UNIQUE,
	name text NOT NULL,
	opted_in boolean NOT NULL, -- municipality: issues to its residents
	register_years integer NOT NULL, -- how long the 交付台帳 keeps an erased person's name: 0 not at all, -1 for ever
	version integer NOT NULL,
	created_at {{.Time}} NOT NULL
);

CREATE UNIQUE INDEX issuers_operator ON issuers (kind) WHERE kind = 'operator';

-- Who signs from which day on. A profile never changes: a certificate was signed by it.
CREATE TABLE issuer_profiles (
	id text PRIMARY KEY,
	issuer_id text NOT NULL REFERENCES issuers (id),
	from_on text NOT NULL, -- YYYY-MM-DD in Japan, empty: always
	until_on text NOT NULL, -- last day, empty: open
	name text NOT NULL,
	office text NOT NULL, -- 職名
	person text NOT NULL, -- 首長名
	approved_on text NOT NULL,
	document text NOT NULL, -- 文書番号
	approved_by text NOT NULL,
	seal text NOT NULL CHECK (seal IN ('none', 'space', 'omitted', 'picture')),
	seal_sha256 text REFERENCES media (sha256),
	seal_approved_on text NOT NULL,
	seal_document text NOT NULL,
	seal_approved_by text NOT NULL,
	idiom text NOT NULL CHECK (idiom IN ('friendly', 'administrative')),
	created_by text NOT NULL,
	created_at {{.Time}} NOT NULL,
	CHECK (person = '' OR (approved_on <> '' AND document <> '' AND approved_by <> ''))
);

CREATE INDEX issuer_profiles_issuer ON issuer_profiles (issuer_id, from_on);

-- The last number given, by issuer and 年度 of the 修了日.
CREATE TABLE certificate_counters (
	issuer_id text NOT NULL REFERENCES issuers (id),
	fiscal_year integer NOT NULL,
	last integer NOT NULL,
	PRIMARY KEY (issuer_id, fiscal_year)
);

CREATE TABLE certificates (
	id text PRIMARY KEY,
	completion_id text NOT NULL REFERENCES completions (id),
	account_id text REFERENCES accounts (id), -- null once the person is erased
	issuer_id text NOT NULL REFERENCES issuers (id),
	fiscal_year integer NOT NULL,
	serial integer NOT NULL,
	number text NOT NULL UNIQUE,
	state text NOT NULL CHECK (state IN ('issued', 'replaced', 'revoked')),
	printed {{.JSON}} NOT NULL,
	code text UNIQUE, -- salt of the hash and content of the QR, null once the person is erased
	sha256 text NOT NULL,
	municipality text NOT NULL, -- of residence at the completion
	method text NOT NULL CHECK (method IN ('screen', 'desk', 'class')), -- 交付方法
	issued_at {{.Time}} NOT NULL,
	replaces text,
	replaced_by text,
	ended_at {{.Time}}, -- replaced or revoked
	reason text NOT NULL,
	register_name text NOT NULL, -- of an erased person, while the 交付台帳 keeps it
	register_kana text NOT NULL,
	register_until text NOT NULL, -- last day, 9999-12-31 for ever
	UNIQUE (issuer_id, fiscal_year, serial)
);

CREATE UNIQUE INDEX certificates_valid ON certificates (completion_id) WHERE state = 'issued';

CREATE INDEX certificates_completion ON certificates (completion_id);

CREATE INDEX certificates_account ON certificates (account_id);

CREATE INDEX certificates_register ON certificates (register_until) WHERE register_until <> '';

-- 発行待ち: completions whose certificate cannot be made yet.
CREATE TABLE certificate_waits (
	completion_id text PRIMARY KEY REFERENCES completions (id),
	account_id text NOT NULL REFERENCES accounts (id),
	reason text NOT NULL CHECK (reason IN ('no_issuer', 'unprintable')),
	detail text NOT NULL, -- the characters that cannot be printed
	since {{.Time}} NOT NULL
);

CREATE INDEX certificate_waits_account ON certificate_waits (account_id);

-- 訂正の申し出. At most one open one a person; a later one takes its place.
CREATE TABLE corrections (
	id text PRIMARY KEY,
	account_id text NOT NULL REFERENCES accounts (id),
	family_name text NOT NULL,
	given_name text NOT NULL,
	family_kana text NOT NULL,
	given_kana text NOT NULL,
	printed_name text NOT NULL,
	note text NOT NULL,
	state text NOT NULL CHECK (state IN ('asked', 'accepted', 'declined')),
	asked_at {{.Time}} NOT NULL,
	decided_at {{.Time}},
	decided_by text NOT NULL,
	reason text NOT NULL
);

CREATE UNIQUE INDEX corrections_open ON corrections (account_id) WHERE state = 'asked';
