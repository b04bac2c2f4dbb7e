-- Which completion counts: of everything one person finished the earliest that
-- makes a つながりサポーター bears the person, the earliest of a course counts for the
-- course. It is kept here because nobody can say it any more once the person is
-- erased.
ALTER TABLE completions ADD COLUMN counts_person boolean NOT NULL DEFAULT false;

ALTER TABLE completions ADD COLUMN counts_course boolean NOT NULL DEFAULT false;

UPDATE completions SET counts_person = true WHERE id IN (SELECT id FROM
	(SELECT id, ROW_NUMBER() OVER (PARTITION BY COALESCE(account_id, id) ORDER BY completed_on, completed_at, id) AS turn
	FROM completions WHERE supporters AND withdrawn_at IS NULL AND merged_into IS NULL) AS earliest WHERE turn = 1);

UPDATE completions SET counts_course = true WHERE id IN (SELECT id FROM
	(SELECT id, ROW_NUMBER() OVER (PARTITION BY COALESCE(account_id, id), course_id ORDER BY completed_on, completed_at, id) AS turn
	FROM completions WHERE withdrawn_at IS NULL AND merged_into IS NULL) AS earliest WHERE turn = 1);

-- Counting anew, and single days.
CREATE INDEX completions_people ON completions (municipality, completed_on) WHERE counts_person;

-- 修了者数 without what is still in count_deltas.
CREATE TABLE counts (
	geo text NOT NULL CHECK (geo IN ('residence', 'host')),
	area text NOT NULL, -- six digits, two digits of a prefecture, or empty: 不明, by host 自習
	course text NOT NULL, -- id; empty: 実人数 over the courses that make supporters
	month text NOT NULL, -- in Japan, YYYY-MM
	people {{.Big}} NOT NULL,
	PRIMARY KEY (geo, area, course, month)
);

-- What changed since. A row is appended in the transaction of the completion, so
-- that nobody waits for anybody, and goes when one runner adds it to counts.
CREATE TABLE count_deltas (
	area text NOT NULL, -- of residence
	host text NOT NULL,
	course text NOT NULL, -- id
	month text NOT NULL,
	person integer NOT NULL, -- 1, 0, -1
	finished integer NOT NULL -- of the course: 1, 0, -1
);

-- When the counts of an area changed last: the number of that run.
CREATE TABLE count_heads (
	area text PRIMARY KEY,
	epoch {{.Big}} NOT NULL
);

CREATE INDEX count_heads_epoch ON count_heads (epoch);

INSERT INTO counts (geo, area, course, month, people)
SELECT 'residence', CASE WHEN municipality <> '' THEN municipality ELSE prefecture END, '', substr(completed_on, 1, 7), count(*)
FROM completions WHERE counts_person GROUP BY 2, 4
UNION ALL
SELECT 'host', host, '', substr(completed_on, 1, 7), count(*) FROM completions WHERE counts_person GROUP BY 2, 4
UNION ALL
SELECT 'residence', CASE WHEN municipality <> '' THEN municipality ELSE prefecture END, course_id, substr(completed_on, 1, 7), count(*)
FROM completions WHERE counts_course GROUP BY 2, 3, 4
UNION ALL
SELECT 'host', host, course_id, substr(completed_on, 1, 7), count(*) FROM completions WHERE counts_course GROUP BY 2, 3, 4;

INSERT INTO count_heads (area, epoch) SELECT DISTINCT area, 1 FROM counts;
