//go:build unix

package roster_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"strconv"
	"syscall"
	"testing"
	"time"

	"mashang/aid/roster"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

// BenchmarkImport takes a CSV in with all checks and puts beside it what writing the same number of finished rows costs
// in one bare transaction. The machine may be busy with others: cpu-µs/row counts more than rows/s.
func BenchmarkImport(b *testing.B) {
	for _, engine := range []struct {
		name string
		open func(testing.TB) *store.DB
	}{{store.SQLite, storetest.SQLite}, {store.Postgres, storetest.Postgres}} {
		b.Run(engine.name, func(b *testing.B) {
			const rows = 50_000
			db := engine.open(b)
			board, _ := newBoard(b, db)
			file := csvOfRows(rows)
			var checked, bare spent
			for b.Loop() {
				bare.add(func() { bareRows(b, db, rows) })
				checked.add(func() {
					if l, err := board.Bring(context.Background(), list(liuhe), bytes.NewReader(file), roster.Choice{}); err != nil || !l.Saved || l.Rows != rows {
						b.Fatalf("%v %+v", err, l.Problems)
					}
				})
			}
			n := float64(rows * b.N)
			b.ReportMetric(n/checked.wall.Seconds(), "rows/s")
			b.ReportMetric(n/bare.wall.Seconds(), "bare-rows/s")
			b.ReportMetric(checked.cpu.Seconds()*1e6/n, "cpu-µs/row")
			b.ReportMetric(bare.cpu.Seconds()*1e6/n, "bare-cpu-µs/row")
			b.ReportMetric(checked.wall.Seconds()/bare.wall.Seconds(), "ratio")
		})
	}
}

// spent is time by the wall and by this process.
type spent struct{ wall, cpu time.Duration }

func (s *spent) add(do func()) {
	start, before := time.Now(), cpu()
	do()
	s.wall += time.Since(start)
	s.cpu += cpu() - before
}

func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// csvOfRows is a town's list as offices send it.
func csvOfRows(n int) []byte {
	var b bytes.Buffer
	b.WriteString("柳河镇2025年第三季度农村低保对象名单,,,,,,,,\n序号,乡镇,村（社区）,户主姓名,家庭人口,保障人口,低保类别,月保障金（元）,审批时间\n")
	for i := range n {
		village := []string{"杏林村", "桃园社区"}[i*2/n]
		fmt.Fprintf(&b, "%d,柳河镇,%s,%s,%d,%d,%s,%s,2025-%02d\n", i+1, village, person(i), 1+i%6, 1+i%4, []string{"A", "B类", "C"}[i%3], []string{"936", "712.5", "1240.00"}[i%3], 1+i%9)
	}
	return b.Bytes()
}

// person is one of many names.
func person(i int) string {
	name := string([]rune("张王李赵孙周吴郑冯陈")[i%10]) + string(given[i*7%len(given)])
	if i%5 > 0 {
		name += string(given[i*11/7%len(given)])
	}
	return name
}

// bareRows writes n finished rows one by one through a prepared statement, in one transaction.
func bareRows(b *testing.B, db *store.DB, n int) {
	b.Helper()
	err := db.Tx(context.Background(), func(q store.Queryer) error {
		id := rand.Text()
		if _, err := q.ExecContext(context.Background(), `INSERT INTO roster_publications (id, programme, village, kind, from_at, to_at, document, phone, mask, made_by, made_at,
			approved_by, withdrawn_by, households, persons) VALUES ($1, 'dibao', $2, 'list', 0, 1, '', '', 'middle', '', 0, '', '', 0, 0)`, id, xinglin); err != nil {
			return err
		}
		insert, err := q.(interface {
			PrepareContext(context.Context, string) (*sql.Stmt, error)
		}).PrepareContext(context.Background(), `INSERT INTO roster_entries (id, publication, position, name, name_hash, household_size, persons, class, cents, unit, from_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`)
		if err != nil {
			return err
		}
		defer insert.Close()
		for i := range n {
			if _, err := insert.ExecContext(context.Background(), rand.Text(), id, i, "张*明", rand.Text()+rand.Text(), 3, 2, "A", 93650, "month", int64(1_740_000_000_000)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err, strconv.Itoa(n))
	}
}
