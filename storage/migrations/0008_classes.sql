-- 開催: one session of a course in a room.
CREATE TABLE classes (
	id text PRIMARY KEY,
	course_id text NOT NULL REFERENCES courses (id),
	revision_id text NOT NULL REFERENCES revisions (id), -- whose papers are handed out
	owner text NOT NULL REFERENCES accounts (id),
	held_on text NOT NULL, -- YYYY-MM-DD in Japan
	starts_at text NOT NULL, -- 13:30
	ends_at text NOT NULL,
	hall text NOT NULL,
	address text NOT NULL,
	host text NOT NULL, -- municipality, six digits
	host_name text NOT NULL, -- 主催
	seats integer NOT NULL,
	note text NOT NULL,
	rule text NOT NULL CHECK (rule IN ('sheet', 'check', 'study')),
	code text NOT NULL, -- six digits; empty when recorded afterwards, and a year after the class
	rotating boolean NOT NULL,
	secret text NOT NULL, -- of the rotating number
	opens_at {{.Time}} NOT NULL, -- joining
	closes_at {{.Time}} NOT NULL,
	afterwards boolean NOT NULL, -- 事後登録
	version integer NOT NULL,
	created_at {{.Time}} NOT NULL,
	cancelled_at {{.Time}},
	cancel_why text NOT NULL
);

CREATE UNIQUE INDEX classes_code ON classes (code) WHERE code <> '';

CREATE INDEX classes_owner ON classes (owner, held_on);

CREATE TABLE class_helpers (
	class_id text NOT NULL REFERENCES classes (id) ON DELETE CASCADE,
	account_id text NOT NULL REFERENCES accounts (id),
	PRIMARY KEY (class_id, account_id)
);

CREATE INDEX class_helpers_account ON class_helpers (account_id);

-- 席. The row of an erased person stays without them, so that the class keeps its
-- head count.
CREATE TABLE seats (
	id text PRIMARY KEY,
	class_id text NOT NULL REFERENCES classes (id),
	account_id text REFERENCES accounts (id),
	number integer NOT NULL, -- from 1, in the order of joining, never given twice
	joined_at {{.Time}} NOT NULL,
	typed_by text NOT NULL, -- 代行入力: staff account, empty for who came by code
	attendance text NOT NULL CHECK (attendance IN ('', 'present', 'absent')),
	late_at text NOT NULL, -- 14:05
	left_at text NOT NULL,
	attendance_by text NOT NULL, -- who said so last
	sheet_at {{.Time}}, -- ふり返りシート received
	sheet_by text NOT NULL,
	granted_at {{.Time}}, -- 修了とする
	granted_by text NOT NULL,
	removed_at {{.Time}},
	removed_by text NOT NULL,
	UNIQUE (class_id, number)
);

CREATE UNIQUE INDEX seats_person ON seats (class_id, account_id) WHERE account_id IS NOT NULL;

CREATE INDEX seats_account ON seats (account_id);

-- 実施報告, as far as the class itself does not say it already.
CREATE TABLE class_reports (
	class_id text PRIMARY KEY REFERENCES classes (id),
	office text NOT NULL, -- 自治体名／事務局名
	reported_on text NOT NULL,
	cohost text NOT NULL, -- 共催
	audience text NOT NULL, -- 受講者区分
	group_name text NOT NULL, -- 団体名
	tallies {{.JSON}} NOT NULL, -- head counts of the class: by sex, by age band
	trainers text NOT NULL,
	materials text NOT NULL,
	cards integer NOT NULL, -- 配布したカード枚数
	survey text NOT NULL, -- アンケート結果
	remarks text NOT NULL, -- 特記事項
	version integer NOT NULL,
	updated_by text NOT NULL,
	updated_at {{.Time}} NOT NULL
);

-- Where a completion in a class counts: the municipality of its host.
ALTER TABLE completions ADD COLUMN host text NOT NULL DEFAULT '';

-- A completion that was a mistake: it counts no more, and its enrolment may be
-- completed anew.
ALTER TABLE completions ADD COLUMN withdrawn_at {{.Time}};

CREATE INDEX completions_class ON completions (class_id) WHERE class_id IS NOT NULL;

-- Who typed the answers of somebody who gave them on paper, empty for the person.
ALTER TABLE attempts ADD COLUMN typed_by text NOT NULL DEFAULT '';
