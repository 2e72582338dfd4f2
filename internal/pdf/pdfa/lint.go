package pdfa

func (d *Doc) lintOutput(o *Output) error { return nil }
func isDelimiter(c byte) bool {
	switch c {
	case '(', ')', '<', '>', '[', ']', '{', '}', '/', '%':
		return true
	}
	return false
}
func Lint(data []byte) error { return nil }
