package pdfa

// structureFacts are the structure tree in reading order.
type structureFacts struct {
	elems   []node
	parents []int // object number of the element by marked-content identifier
	widgets []int // the same by StructParent, from 1 on
	index   []int // object number → 1 + index in elems
}

type node struct {
	num, up int // object numbers of the element and of the one it was reached from
	depth   int
	tag     value
	parent  int // as it says itself
	mcid    int // -1 if none
	kids    int
	objr    int // annotation it stands for
	alt     bool
	bbox    bool
	scope   bool
}

// maxDepthTree bounds the structure tree; this writer makes four levels.
const maxDepthTree = 12

func (t *structureFacts) byObject(num int) *node {
	if num <= 0 || num >= len(t.index) || t.index[num] == 0 {
		return nil
	}
	return &t.elems[t.index[num]-1]
}

// read walks the tree from its root and reads the parent tree.
func (t *structureFacts) read(f *file) {
	t.elems, t.parents, t.widgets = t.elems[:0], t.parents[:0], t.widgets[:0]
	if cap(t.index) < len(f.objs) {
		t.index = make([]int, len(f.objs))
	}
	t.index = t.index[:len(f.objs)]
	clear(t.index)
	rootRef := f.catalog.get("/StructTreeRoot")
	root := f.deref(rootRef)
	root.get("/K").items(func(v value) { t.walk(f, v.ref(), rootRef.ref(), 0) })

	page := f.page.get("/StructParents").int(-1)
	key := -1
	f.deref(root.get("/ParentTree")).get("/Nums").items(func(v value) {
		switch {
		case key < 0:
			key = v.int(0)
			return
		case key == page && v[0] == '[':
			v.items(func(ref value) { t.parents = append(t.parents, ref.ref()) })
		case key == len(t.widgets)+1:
			t.widgets = append(t.widgets, v.ref())
		}
		key = -1
	})
}

func (t *structureFacts) walk(f *file, num, up, depth int) {
	if num <= 0 || num >= len(f.objs) || t.index[num] != 0 || depth > maxDepthTree {
		// Unreadable, or reached twice: the rules miss it among the elements.
		t.elems = append(t.elems, node{num: num, up: up, depth: depth, mcid: -1})
		return
	}
	n := node{num: num, up: up, depth: depth, mcid: -1}
	var kids value
	f.objs[num].dict.entries(func(k, v value) {
		switch string(k) {
		case "/S":
			n.tag = v
		case "/P":
			n.parent = v.ref()
		case "/Alt":
			n.alt = len(v) > 2
		case "/A":
			n.bbox = v.get("/BBox") != nil
			n.scope = v.get("/Scope") != nil
		case "/K":
			switch v[0] {
			case '[':
				kids = v
			case '<':
				n.objr = v.get("/Obj").ref()
			default:
				n.mcid = v.int(-1)
			}
		}
	})
	at := len(t.elems)
	t.elems = append(t.elems, n)
	t.index[num] = at + 1
	kids.items(func(v value) {
		t.elems[at].kids++
		t.walk(f, v.ref(), num, depth+1)
	})
}

// standard are the structure types that this writer may use (ISO 32000-1
// §14.8.4); there is no role map.
func standard(tag value) bool {
	switch string(tag) {
	case "/Document", "/Sect", "/H1", "/H2", "/H3", "/P", "/Table", "/TR", "/TH", "/TD", "/Figure", "/Form":
		return true
	}
	return false
}

// structureRules are about the structure tree.
var structureRules = []rule{
	// Every structure type is standard or mapped to a standard one.
	{code: "structure-type", clause: "ISO 19005-3 §6.7.3.4", constant: true, check: func(f *file, bad func(string, ...any)) {
		for i := range f.tree.elems {
			if e := &f.tree.elems[i]; !standard(e.tag) {
				bad("object %d has type %q", e.num, e.tag)
			}
		}
		if len(f.tree.elems) == 0 {
			bad("no structure tree")
		}
	}},
	// P of each element is the element that has it among its kids (ISO 32000-1,
	// table 323).
	{code: "structure-parent", clause: "ISO 32000-1 §14.7.2", constant: true, check: func(f *file, bad func(string, ...any)) {
		for i := range f.tree.elems {
			if e := &f.tree.elems[i]; e.parent != e.up {
				bad("object %d names parent %d, it is a kid of %d", e.num, e.parent, e.up)
			}
		}
	}},
	// Elements without content or kids have nothing to say.
	{code: "structure-empty", clause: "ISO 14289-1 §7.1", constant: true, check: func(f *file, bad func(string, ...any)) {
		for i := range f.tree.elems {
			if e := &f.tree.elems[i]; e.mcid < 0 && e.kids == 0 && e.objr == 0 {
				bad("object %d (%s) is empty", e.num, e.tag)
			}
		}
	}},
	// Figures have an alternate description.
	{code: "figure-alt", clause: "ISO 14289-1 §7.3", constant: true, check: func(f *file, bad func(string, ...any)) {
		for i := range f.tree.elems {
			if e := &f.tree.elems[i]; string(e.tag) == "/Figure" && !e.alt {
				bad("object %d has no Alt", e.num)
			}
		}
	}},
	// Figures within one page have a bounding box (ISO 32000-1 §14.8.5.4.3).
	{code: "figure-bbox", clause: "ISO 14289-1 §7.3", constant: true, check: func(f *file, bad func(string, ...any)) {
		for i := range f.tree.elems {
			if e := &f.tree.elems[i]; string(e.tag) == "/Figure" && !e.bbox {
				bad("object %d has no BBox", e.num)
			}
		}
	}},
	// Headings begin with H1 and skip no level downwards.
	{code: "heading-order", clause: "ISO 14289-1 §7.4.2", constant: true, check: func(f *file, bad func(string, ...any)) {
		last := 0
		for i := range f.tree.elems {
			e := &f.tree.elems[i]
			if len(e.tag) == 3 && e.tag[1] == 'H' {
				level := int(e.tag[2] - '0')
				if level > last+1 {
					bad("%s after level %d", e.tag, last)
				}
				last = level
			}
		}
		if last == 0 {
			bad("no heading")
		}
	}},
	// Tables consist of rows, rows of cells.
	{code: "table-parts", clause: "ISO 14289-1 §7.5", constant: true, check: func(f *file, bad func(string, ...any)) {
		for i := range f.tree.elems {
			e := &f.tree.elems[i]
			up := f.tree.byObject(e.up)
			if up == nil {
				continue
			}
			var want string
			switch string(e.tag) {
			case "/TR":
				want = "/Table"
			case "/TH", "/TD":
				want = "/TR"
			}
			if want != "" && string(up.tag) != want {
				bad("%s in %s", e.tag, up.tag)
			}
			if string(up.tag) == "/Table" && string(e.tag) != "/TR" {
				bad("%s in a table", e.tag)
			}
			if string(e.tag) == "/TR" && e.kids != 2 {
				bad("row of %d cells, want a header and a value", e.kids)
			}
		}
	}},
	// Table headers say what they are headers of.
	{code: "header-scope", clause: "ISO 14289-1 §7.5", constant: true, check: func(f *file, bad func(string, ...any)) {
		for i := range f.tree.elems {
			if e := &f.tree.elems[i]; string(e.tag) == "/TH" && !e.scope {
				bad("object %d has no Scope", e.num)
			}
		}
	}},
}
