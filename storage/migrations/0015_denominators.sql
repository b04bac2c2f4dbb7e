-- How many people live in a municipality on a day, as its post says: what a share
-- of the population is a share of.
CREATE TABLE denominators (
	municipality text NOT NULL,
	counted_on text NOT NULL, -- YYYY-MM-DD in Japan
	people integer NOT NULL,
	source text NOT NULL, -- 住民基本台帳, 国勢調査 …
	version integer NOT NULL,
	updated_at {{.Time}} NOT NULL,
	PRIMARY KEY (municipality, counted_on)
);

-- The municipalities whose figures everybody may see, since their post said so.
CREATE TABLE shown_municipalities (
	municipality text PRIMARY KEY,
	since {{.Time}} NOT NULL
);
