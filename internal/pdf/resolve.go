package pdf

// maxRefChain bounds references to references. One step is usual; a chain is
// legal but of no use.
const maxRefChain = 16

// Resolve follows references until something else is found; nil stays nil.
// Errors are those of [Revision.Get], and ErrCycle for references that lead
// to themselves or on and on.
func (r *Revision) Resolve(o Object) (Object, error) {
	for range maxRefChain {
		ref, ok := o.(Ref)
		if !ok {
			return o, nil
		}
		var err error
		if o, err = r.Get(ref); err != nil {
			return nil, err
		}
	}
	if ref, ok := o.(Ref); ok {
		return nil, &ObjectError{ref, -1, ErrCycle}
	}
	return o, nil
}

// resolveTo resolves o and asserts its type; null gives the zero T and no error.
func resolveTo[T Object](r *Revision, o Object, want string) (T, error) {
	var zero T
	v, err := r.Resolve(o)
	if err != nil || v == nil {
		return zero, err
	}
	t, ok := v.(T)
	if !ok {
		return zero, &TypeError{want, typeName(v)}
	}
	return t, nil
}

// The accessors below resolve o and return its value. For null (which an
// absent entry and a reference to a free object are) they return the zero
// value and no error; for any other type a *TypeError.

// Dict resolves o to a dictionary; that of a stream does not count.
func (r *Revision) Dict(o Object) (*Dict, error) { return resolveTo[*Dict](r, o, "dictionary") }

// Stream resolves o to a stream.
func (r *Revision) Stream(o Object) (*Stream, error) { return resolveTo[*Stream](r, o, "stream") }

// Array resolves o to an array; its elements may still be references.
func (r *Revision) Array(o Object) (Array, error) { return resolveTo[Array](r, o, "array") }

// Name resolves o to a name.
func (r *Revision) Name(o Object) (Name, error) { return resolveTo[Name](r, o, "name") }

// Str resolves o to a string's bytes.
func (r *Revision) Str(o Object) (String, error) { return resolveTo[String](r, o, "string") }

// Bool resolves o to a boolean.
func (r *Revision) Bool(o Object) (bool, error) {
	b, err := resolveTo[Bool](r, o, "boolean")
	return bool(b), err
}

// Int resolves o to an integer.
func (r *Revision) Int(o Object) (int64, error) {
	i, err := resolveTo[Integer](r, o, "integer")
	return int64(i), err
}

// Number resolves o to an integer or a real.
func (r *Revision) Number(o Object) (float64, error) {
	v, err := r.Resolve(o)
	if err != nil {
		return 0, err
	}
	switch n := v.(type) {
	case nil:
		return 0, nil
	case Integer:
		return float64(n), nil
	case Real:
		return float64(n), nil
	}
	return 0, &TypeError{"number", typeName(v)}
}

// Catalog returns the document catalog at this revision (ISO 32000-2 §7.7.2).
// It is an error if there is none.
func (r *Revision) Catalog() (*Dict, error) {
	c, err := r.Dict(r.Trailer().Get("Root"))
	if err == nil && c == nil {
		err = &TypeError{"catalog", "null"}
	}
	return c, err
}
