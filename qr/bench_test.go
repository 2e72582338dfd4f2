package qr

import (
	"fmt"
	"testing"
)

func BenchmarkEncode(b *testing.B) {
	for _, host := range []int{14, 40, 90} {
		var e Encoder
		text := longURL(host, 331)
		c, err := e.Encode(text)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(fmt.Sprintf("version=%d", c.Version()), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := e.Encode(text); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
