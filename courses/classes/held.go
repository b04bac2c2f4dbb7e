package classes

import "gorm.io/gorm"

// HeldTx is how many classes the hosts (nil: all) held from the first day to the
// last in Japan, and how many people held them or helped. A class counts once its
// day is there, unless it was cancelled.
func HeldTx(tx *gorm.DB, hosts []string, from, until string) (byHost map[string]int, trainers int, err error) {
	held := tx.Model(&Class{}).Where("cancelled_at IS NULL AND held_on >= ? AND held_on <= ? AND held_on <= ?", from, until, dayOf(tx.NowFunc()))
	if hosts != nil {
		held = held.Where("host IN ?", hosts)
	}
	var rows []struct {
		Host string
		N    int
	}
	if err := held.Session(&gorm.Session{}).Select("host, count(*) AS n").Group("host").Scan(&rows).Error; err != nil {
		return nil, 0, err
	}
	byHost = map[string]int{}
	for _, r := range rows {
		byHost[r.Host] = r.N
	}
	classes := held.Session(&gorm.Session{})
	err = tx.Raw(`SELECT count(*) FROM (SELECT owner AS person FROM (?) AS owned UNION
		SELECT account_id FROM class_helpers WHERE class_id IN (SELECT id FROM (?) AS helped)) AS people`,
		classes.Select("id, owner"), classes.Select("id")).Scan(&trainers).Error
	return byHost, trainers, err
}
