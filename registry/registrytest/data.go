// Package registrytest holds what every implementation of [vidimus.Registrar],
// and every store under package registry, must pass:
//
//	registrytest.TestRegistrar(t, func(t *testing.T) vidimus.Registrar { … })
//	registrytest.TestRegistry(t, func(t *testing.T, o registry.Options) *registry.Registry { … })
package registrytest

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"time"

	"github.com/vidimus/vidimus"
)

// Origin is the log of the tests.
const Origin = "registry.example/log"

// Key is the log's key in tests; anybody can compute it.
func Key() ed25519.PrivateKey {
	seed := sha256.Sum256([]byte("vidimus registrytest"))
	return ed25519.NewKeyFromSeed(seed[:])
}

// Start is when the tests' clocks begin.
func Start() time.Time { return time.Date(2026, 11, 22, 9, 30, 0, 0, time.UTC) }

// Request returns the i-th reservation request of a test; the same i gives the
// same request.
func Request(i int) vidimus.ReserveRequest {
	req := vidimus.ReserveRequest{Key: fmt.Sprintf("request-%d", i), Series: "VD77", Year: 2026, At: Start()}
	req.Digest = seeded("digest", i)
	id, salt := seeded("id", i), seeded("salt", i)
	copy(req.ID[:], id[:])
	copy(req.Salt[:], salt[:])
	return req
}

// Certificate returns the i-th certificate of a made-up holder, without ID and
// number.
func Certificate(i int) vidimus.Certificate {
	surnames := []string{"Иванов", "Семёнова", "Петров-Водкин", "Ёлкина", "Alexeev"}
	names := []string{"Иван", "Мария", "Кузьма", "Алёна", "Petr"}
	return vidimus.Certificate{
		Kind: "periodic",
		Holder: vidimus.Holder{
			Surname: surnames[i%len(surnames)], Name: names[i%len(names)], Patronymic: "Ильич",
			SNILS: "112-233-445 95", BirthDate: vidimus.Date{Year: 1980, Month: 2, Day: 29},
		},
		Specialty: vidimus.Specialty{Code: "31.08.49", Name: "Терапия"},
		Position:  "врач-терапевт",
		Issuer:    vidimus.Organization{Name: "Аккредитационный центр «Пример»", INN: "7707083893", OGRN: "1027700132195"},
		Decision:  vidimus.Decision{Number: fmt.Sprintf("П-%d", i), Date: vidimus.Date{Year: 2026, Month: 11, Day: 20}},
		Signatory: vidimus.Signatory{Name: "Образцова А. Б.", Position: "Председатель комиссии", Authority: "приказ № 1"},
		ValidFrom: vidimus.Date{Year: 2026, Month: 11, Day: 21}, ValidUntil: vidimus.Date{Year: 2031, Month: 11, Day: 21},
	}
}

// Prefix is shared by all documents of [Entry].
func Prefix(size int) []byte { return noise("prefix", 0, size) }

// Entry returns what finishes a reservation: a document of size bytes of which
// the first are prefix.
func Entry(i int, req vidimus.ReserveRequest, res vidimus.Reservation, prefix []byte, size int) vidimus.Entry {
	c := Certificate(i)
	c.ID, c.Number, c.IssuedAt = res.ID, res.Number, res.At.UTC().Truncate(time.Second)
	return vidimus.Entry{
		Key: req.Key, Digest: req.Digest, Certificate: c, Salt: res.Salt,
		URL:      fmt.Sprintf("https://registry.example/c/1%d", i),
		Document: append(append([]byte(nil), prefix...), noise("tail", i, size-len(prefix))...), PrefixLen: len(prefix),
		PrefixSum: sha256.Sum256(prefix), Actor: "clerk@registry.example",
	}
}

func seeded(label string, i int) [32]byte { return sha256.Sum256(fmt.Appendf(nil, "%s %d", label, i)) }

// noise returns n bytes that do not compress.
func noise(label string, i, n int) []byte {
	b := make([]byte, 0, n+32)
	h := seeded(label, i)
	for len(b) < n {
		b = append(b, h[:]...)
		binary.LittleEndian.PutUint64(h[:], binary.LittleEndian.Uint64(h[:])+1)
		h = sha256.Sum256(h[:])
	}
	return b[:n]
}
