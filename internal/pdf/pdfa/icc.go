package pdfa

import (
	"encoding/binary"
	"math"
)

// sRGBProfile generates an ICC profile, version 2.1 (ICC.1:2001-04), of the
// colour space that IEC 61966-2-1 defines, for the output intent (ISO 19005-3
// §6.2.3). Made here, it carries nobody's copyright.
func sRGBProfile() []byte {
	type tag struct {
		name string
		data []byte
	}
	curve := transferCurve()
	tags := []tag{
		{"desc", description("sRGB IEC61966-2.1")},
		{"cprt", append([]byte("text\x00\x00\x00\x00"), "No copyright, use freely\x00"...)},
		// Media white and primaries, adapted from D65 to D50 by Bradford.
		{"wtpt", xyz(0.9642, 1, 0.8249)},
		{"rXYZ", xyz(0.4360747, 0.2225045, 0.0139322)},
		{"gXYZ", xyz(0.3850649, 0.7168786, 0.0971045)},
		{"bXYZ", xyz(0.1430804, 0.0606169, 0.7141733)},
		{"rTRC", curve}, {"gTRC", curve}, {"bTRC", curve},
	}

	const header = 128
	var table, body []byte
	table = binary.BigEndian.AppendUint32(table, uint32(len(tags)))
	start := header + 4 + 12*len(tags)
	curveAt := 0
	for _, t := range tags {
		at := start + len(body)
		if t.name[1:] == "TRC" && curveAt != 0 {
			at = curveAt // three tags, one curve
		} else {
			if t.name[1:] == "TRC" {
				curveAt = at
			}
			body = append(body, t.data...)
			for len(body)%4 != 0 {
				body = append(body, 0)
			}
		}
		table = append(table, t.name...)
		table = binary.BigEndian.AppendUint32(table, uint32(at))
		table = binary.BigEndian.AppendUint32(table, uint32(len(t.data)))
	}

	h := make([]byte, header)
	binary.BigEndian.PutUint32(h, uint32(start+len(body)))
	binary.BigEndian.PutUint32(h[8:], 0x02100000) // version
	copy(h[12:], "mntrRGB XYZ ")                  // class, colour space, connection space
	for i, v := range []uint16{2026, 1, 1, 0, 0, 0} {
		binary.BigEndian.PutUint16(h[24+2*i:], v) // date of this definition
	}
	copy(h[36:], "acsp")
	copy(h[68:], xyz(0.9642, 1, 0.8249)[8:]) // illuminant D50
	return append(append(h, table...), body...)
}

// transferCurve samples the sRGB transfer function at 128 points, between
// which straight lines deviate by less than an eighth of a step of 8 bits.
func transferCurve() []byte {
	const n = 128
	b := append([]byte("curv\x00\x00\x00\x00"), 0, 0, 0, n)
	for i := range n {
		v := float64(i) / (n - 1)
		if v <= 0.04045 {
			v /= 12.92
		} else {
			v = math.Pow((v+0.055)/1.055, 2.4)
		}
		b = binary.BigEndian.AppendUint16(b, uint16(math.Round(v*65535)))
	}
	return b
}

func xyz(x, y, z float64) []byte {
	b := []byte("XYZ \x00\x00\x00\x00")
	for _, v := range []float64{x, y, z} {
		b = binary.BigEndian.AppendUint32(b, uint32(math.Round(v*65536))) // s15Fixed16
	}
	return b
}

// description is a textDescriptionType with its ASCII part only.
func description(s string) []byte {
	b := []byte("desc\x00\x00\x00\x00")
	b = binary.BigEndian.AppendUint32(b, uint32(len(s)+1))
	b = append(append(b, s...), 0)
	b = append(b, make([]byte, 8)...) // no Unicode text
	return append(b, make([]byte, 2+1+67)...)
}
