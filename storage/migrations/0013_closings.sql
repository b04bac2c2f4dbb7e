-- A month that was closed, with the editions of the definitions and of the rule of
-- disclosure under which it was, and the SHA-256 over its rows as text.
CREATE TABLE closings (
	month text PRIMARY KEY, -- in Japan, YYYY-MM
	closed_at {{.Time}} NOT NULL,
	definition integer NOT NULL,
	rule integer NOT NULL,
	sha256 text NOT NULL,
	rows_closed integer NOT NULL
);

-- 確定値: the counts of closed months as they were. Never changed.
CREATE TABLE closed_counts (
	month text NOT NULL REFERENCES closings (month),
	geo text NOT NULL,
	area text NOT NULL,
	course text NOT NULL, -- as in counts
	people integer NOT NULL,
	PRIMARY KEY (month, geo, area, course)
);

-- From what tables of closed periods are made: numbers by month, and no person.
CREATE TABLE closed_ages (
	month text NOT NULL REFERENCES closings (month),
	area text NOT NULL, -- of residence
	age_band text NOT NULL,
	people integer NOT NULL,
	PRIMARY KEY (month, area, age_band)
);

CREATE TABLE closed_places (
	month text NOT NULL REFERENCES closings (month),
	area text NOT NULL, -- of residence
	host text NOT NULL, -- empty: 自習
	course text NOT NULL, -- id of the course that bears the person
	people integer NOT NULL,
	PRIMARY KEY (month, area, host, course)
);

CREATE TABLE closed_classes (
	month text NOT NULL REFERENCES closings (month),
	host text NOT NULL,
	class_id text NOT NULL,
	held_on text NOT NULL,
	people integer NOT NULL,
	PRIMARY KEY (month, host, class_id, held_on)
);

-- What of those tables may be shown: the people of a cell from one month to another,
-- all at once. Decided when a quarter closes, and never taken back.
CREATE TABLE released_cells (
	audience text NOT NULL CHECK (audience IN ('own', 'outside')),
	dim text NOT NULL,
	area text NOT NULL,
	item text NOT NULL,
	from_month text NOT NULL,
	until_month text NOT NULL,
	people integer NOT NULL,
	PRIMARY KEY (audience, dim, area, item, from_month)
);

-- Changes of months that were over when they came. Those that are seen by the
-- closing of their month go; the others are its corrections.
CREATE TABLE count_late (
	area text NOT NULL, -- of residence
	host text NOT NULL,
	course text NOT NULL,
	month text NOT NULL,
	person integer NOT NULL, -- 1, 0, -1
	finished integer NOT NULL,
	kind text NOT NULL CHECK (kind IN ('registered', 'withdrawn', 'merged')),
	noted_on text NOT NULL -- day in Japan
);

CREATE INDEX count_late_month ON count_late (month);
