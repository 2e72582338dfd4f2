package office

import (
	"errors"
	"io"
	"strings"
	"testing"
)

const tableHead = "kind,surname,name,decision_number,decision_date,valid_from\n"

// A broken row spoils itself and no other, whatever is broken in it.
func TestTableGoesOnAfterABrokenRow(t *testing.T) {
	for name, bad := range map[string]string{
		"open quote":   `periodic,"Ветров,Олег,1,a,b`,
		"stray quote":  `periodic,Вет"ров,Олег,1,a,b`,
		"few cells":    "periodic,Ветров",
		"many cells":   "periodic,Ветров,Олег,1,a,b,c",
		"endless cell": "periodic," + strings.Repeat("я", maxRow) + ",Олег,1,a,b",
		"not UTF-8":    "periodic,\xd0,Олег,1,a,b",
	} {
		table, err := NewTable(strings.NewReader(tableHead + bad + "\n\nperiodic,Снегов,Олег,1,a,b"))
		if err != nil {
			t.Fatal(err)
		}
		var row *RowError
		if _, line, err := table.Next(); !errors.As(err, &row) || row.Line != 2 || line != 2 {
			t.Errorf("%s: %v", name, err)
		}
		if q, line, err := table.Next(); err != nil || q.Surname != "Снегов" || line != 4 {
			t.Errorf("%s: the next row: %+v, line %d, %v", name, q, line, err)
		}
		if _, _, err := table.Next(); err != io.EOF {
			t.Errorf("%s: at the end: %v", name, err)
		}
	}
}

func TestTableHeader(t *testing.T) {
	for name, head := range map[string]string{
		"empty": "", "not UTF-8": "\xff\xfe", "open quote": `"kind`, "twice": "kind,kind\n", "unknown": "kind,shoe size\n",
		"long": strings.Repeat("k", 2*maxRow) + "\n",
	} {
		if _, err := NewTable(strings.NewReader(head)); !errors.Is(err, ErrTable) {
			t.Errorf("%s: %v", name, err)
		}
	}
	table, err := NewTable(strings.NewReader("\ufeff" + strings.ReplaceAll(strings.ToUpper(tableHead), ",", " ; ") + "a;b,c;d;e;f;g\r\n"))
	if err != nil {
		t.Fatal(err)
	}
	if q, _, err := table.Next(); err != nil || q.Surname != "b,c" || q.ValidFrom != "g" {
		t.Errorf("%+v, %v", q, err)
	}
}

func FuzzTable(f *testing.F) {
	f.Add(tableHead + "periodic,Ветров,Олег,1,a,b\n")
	f.Add("\ufeffkind;surname;name;decision_number;decision_date;valid_from\n\"a;b\n")
	f.Fuzz(func(t *testing.T, s string) {
		table, err := NewTable(strings.NewReader(s))
		if err != nil {
			return
		}
		for n := 0; ; n++ {
			_, _, err := table.Next()
			var row *RowError
			if err != nil && !errors.As(err, &row) {
				return
			}
			if n > len(s) {
				t.Fatal("more rows than bytes")
			}
		}
	})
}
