package diff

// Kind is the stable code of a kind of change.
type Kind string
