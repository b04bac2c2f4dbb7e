package accounts

import "time"

var japan = time.FixedZone("JST", 9*60*60)

// dayOf is the day in Japan as YYYY-MM-DD.
func dayOf(t time.Time) string { return t.In(japan).Format(time.DateOnly) }
