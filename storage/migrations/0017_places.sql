-- The days of the week on which a つながり先 is open every week: digits, 1 is Monday.
-- Empty: not known, or not every week.
ALTER TABLE places ADD COLUMN opens text NOT NULL DEFAULT '';
