package sfnt

// Advances returns the advance widths of all glyphs of a font program, in
// thousandths of an em. The program may be a subset: only directory, head, hhea,
// maxp, hmtx and the presence of glyf and loca are looked at.
func Advances(program []byte) ([]int, error) {
	if len(program) > maxFile {
		return nil, formatError("%d bytes, limit %d", len(program), maxFile)
	}
	f := &Font{tables: make(map[string][]byte)}
	if err := f.readDirectory(program); err != nil {
		return nil, err
	}
	for _, step := range []func() error{f.readHead, f.readHhea, f.readMaxp} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	for _, tag := range []string{"glyf", "loca"} {
		if _, ok := f.tables[tag]; !ok {
			return nil, formatError("no table %s", tag)
		}
	}
	if need := 4*f.numHMetric + 2*(f.numGlyphs-f.numHMetric); len(f.tables["hmtx"]) < need {
		return nil, formatError("table hmtx has %d bytes, need %d", len(f.tables["hmtx"]), need)
	}
	widths := make([]int, f.numGlyphs)
	for gid := range widths {
		widths[gid] = f.permille(f.advance(gid))
	}
	return widths, nil
}
