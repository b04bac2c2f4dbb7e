-- The slide of a class that is on the wall: whoever holds the class moves it from
-- any device, and the others follow.
CREATE TABLE class_slides (
	class_id text PRIMARY KEY REFERENCES classes (id) ON DELETE CASCADE,
	number integer NOT NULL, -- from 1
	moved_at {{.Time}} NOT NULL
);
