CREATE TABLE attempts (
	id text PRIMARY KEY,
	account_id text NOT NULL REFERENCES accounts (id),
	enrolment_id text NOT NULL REFERENCES enrolments (id) ON DELETE CASCADE,
	revision_id text NOT NULL REFERENCES revisions (id),
	quiz text NOT NULL, -- check:MODULE or closing
	round integer NOT NULL, -- of まとめの確認: 1, then with what was missed 2, 3, …
	drawn {{.JSON}} NOT NULL, -- the questions, and the order in which each thing is shown
	started_at {{.Time}} NOT NULL,
	done_at {{.Time}},
	score {{.Float}} NOT NULL, -- 0 to 1, once done
	understood integer NOT NULL -- questions answered fully right, once done
);

-- One open attempt of a quiz: starting twice leads to the same one.
CREATE UNIQUE INDEX attempts_open ON attempts (enrolment_id, quiz) WHERE done_at IS NULL;

CREATE INDEX attempts_quiz ON attempts (enrolment_id, quiz, started_at);

CREATE INDEX attempts_account ON attempts (account_id);

CREATE TABLE answers (
	attempt_id text NOT NULL REFERENCES attempts (id) ON DELETE CASCADE,
	position integer NOT NULL,
	response {{.JSON}} NOT NULL,
	sequence {{.Big}} NOT NULL, -- of the device: the newest wins
	answered_at {{.Time}} NOT NULL,
	confirmed_at {{.Time}},
	score {{.Float}} NOT NULL,
	PRIMARY KEY (attempt_id, position)
);
