package rules

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
)

func checkCompiledArg(p *pass) {
	for f := range p.flows() {
		if p.ourConcrete(p.typeOf(f.expr)) == nil || !methodIface(f.to) {
			continue
		}

		switch n := f.at.Node().(type) {
		case *ast.CompositeLit:
			t, ok := types.Unalias(p.typeOf(n)).(*types.Named)
			if ok && !p.interpreted(t.Obj().Pkg()) && isStruct(t) {
				p.report(f.expr, "a %s put straight into a literal of %s", p.typeOf(f.expr), t)
			}
		case *ast.CallExpr:
			callee := p.callee(n)
			if callee == nil || callee.Pkg() == nil || p.interpreted(callee.Pkg()) || !callee.Signature().Variadic() {
				continue
			}

			for i, a := range n.Args {
				if a == f.expr && i >= callee.Signature().Params().Len()-1 {
					p.report(f.expr, "a %s among the variable arguments of %s", p.typeOf(f.expr), callee.Name())
				}
			}
		}
	}
}

// codec are the functions of encoding/json, and which argument they look into.
var codec = map[string]int{
	"encoding/json.Marshal":           0,
	"encoding/json.MarshalIndent":     0,
	"encoding/json.Unmarshal":         1,
	"(*encoding/json.Encoder).Encode": 0,
	"(*encoding/json.Decoder).Decode": 0,
	"encoding/xml.Marshal":            0,
	"encoding/xml.Unmarshal":          1,
	"(*encoding/gob.Encoder).Encode":  0,
	"(*encoding/gob.Decoder).Decode":  0,
	"encoding/xml.MarshalIndent":      0,
	"(*encoding/xml.Encoder).Encode":  0,
	"(*encoding/xml.Decoder).Decode":  0,
}

func checkJSON(p *pass) {
	for c := range p.root.Preorder((*ast.CallExpr)(nil), (*ast.FuncDecl)(nil)) {
		switch n := c.Node().(type) {
		case *ast.FuncDecl:
			if n.Recv == nil {
				continue
			}

			switch n.Name.Name {
			case "MarshalJSON", "UnmarshalJSON", "MarshalText", "UnmarshalText":
				p.report(n.Name, "method %s", n.Name.Name)
			}
		case *ast.CallExpr:
			f := p.callee(n)
			if f == nil {
				continue
			}

			direct, ok := codec[f.FullName()]

			for i, a := range n.Args {
				if !(ok && direct == i) && p.does(f).param(i)&fateEncoded == 0 {
					continue
				}

				if what := p.unflatValue(c, a, 0); what != "" {
					p.report(a, "%s", what)
				}
			}
		}
	}
}

// unflatValue says what is wrong for encoding/json with a value: with its type,
// or with what its literal, or the assignments to its variable, put behind an
// interface in it. What another function put there it does not know.
func (p *pass) unflatValue(at inspector.Cursor, e ast.Expr, depth int) string {
	if what := p.unflat(p.typeOf(e), map[types.Type]bool{}); what != "" || depth > 3 {
		return what
	}

	inner := p.insideLiteral(e)
	inner = append(inner, p.behind(at, e)[1:]...)
	inner = append(inner, p.putInto(at, e)...)

	for _, i := range inner {
		if what := p.unflatValue(at, i, depth+1); what != "" {
			return what
		}
	}

	return ""
}

// insideLiteral are the values in a composite literal or a pointer to one.
func (p *pass) insideLiteral(e ast.Expr) []ast.Expr {
	if u, ok := ast.Unparen(e).(*ast.UnaryExpr); ok && u.Op == token.AND {
		e = u.X
	}

	lit := composite(e)
	if lit == nil {
		return nil
	}

	var list []ast.Expr

	for _, elt := range lit.Elts {
		if pair, ok := elt.(*ast.KeyValueExpr); ok {
			elt = pair.Value
		}

		list = append(list, elt)
	}

	return list
}

// putInto are the values that the function puts into a local map or struct, or
// that its variable began with.
func (p *pass) putInto(at inspector.Cursor, e ast.Expr) []ast.Expr {
	if u, ok := ast.Unparen(e).(*ast.UnaryExpr); ok && u.Op == token.AND {
		e = u.X
	}

	v := p.variable(e)
	if v == nil || v.IsField() || packageLevel(v) || iface(v.Type()) != nil {
		return nil
	}

	var list []ast.Expr

	for c := range p.scope(at).Preorder((*ast.AssignStmt)(nil)) {
		n := c.Node().(*ast.AssignStmt)
		for i, l := range n.Lhs {
			if len(n.Lhs) == len(n.Rhs) && p.base(l) == v {
				list = append(list, n.Rhs[i])
			}
		}
	}

	return list
}

// unflat says what is wrong for encoding/json with a type.
func (p *pass) unflat(t types.Type, seen map[types.Type]bool) string {
	if t == nil || seen[t] {
		return ""
	}

	seen[t] = true

	if named, ok := types.Unalias(t).(*types.Named); ok && !p.interpreted(named.Obj().Pkg()) {
		return ""
	}

	switch u := t.Underlying().(type) {
	case *types.Pointer:
		return p.unflat(u.Elem(), seen)
	case *types.Slice:
		return p.unflat(u.Elem(), seen)
	case *types.Array:
		return p.unflat(u.Elem(), seen)
	case *types.Map:
		return p.unflat(u.Elem(), seen)
	case *types.Struct:
		for i := range u.NumFields() {
			f := u.Field(i)

			if f.Embedded() {
				return "embedded field " + f.Name() + " for encoding/json"
			}

			if !f.Exported() {
				return "unexported field " + f.Name() + " for encoding/json"
			}

			if strings.HasPrefix(u.Tag(i), `json:"-"`) {
				continue
			}

			if what := p.unflat(f.Type(), seen); what != "" {
				return what
			}
		}
	}

	return ""
}

// invisible are methods that net/http looks for behind a ResponseWriter.
var invisible = map[string]bool{
	"Flush": true, "FlushError": true, "Unwrap": true, "Hijack": true, "Push": true, "ReadFrom": true,
	"WriteString": true, "CloseNotify": true, "SetReadDeadline": true, "SetWriteDeadline": true, "EnableFullDuplex": true,
}

// responseWriter says whether t has the methods of an http.ResponseWriter.
func responseWriter(t types.Type) bool {
	return method(t, "Header") != nil && method(t, "Write") != nil && method(t, "WriteHeader") != nil
}

func checkResponseWriter(p *pass) {
	for c := range p.root.Preorder((*ast.FuncDecl)(nil)) {
		n := c.Node().(*ast.FuncDecl)
		if n.Recv == nil || !invisible[n.Name.Name] {
			continue
		}

		f, ok := p.TypesInfo.Defs[n.Name].(*types.Func)
		if ok && responseWriter(receiverType(f)) {
			p.report(n.Name, "method %s of a ResponseWriter", n.Name.Name)
		}
	}

	for f := range p.flows() {
		from := p.typeOf(f.expr)
		if p.ourConcrete(from) == nil || !isStruct(from) || !methodIface(f.to) || !responseWriter(f.to) {
			continue
		}

		fields, ok := from.Underlying().(*types.Struct)
		for i := 0; ok && i < fields.NumFields(); i++ {
			if field := fields.Field(i); field.Embedded() && types.IsInterface(field.Type()) {
				p.report(f.expr, "a struct by value with an embedded %s as a ResponseWriter", field.Name())
				break
			}
		}
	}
}

func checkContextKey(p *pass) {
	for c := range p.root.Preorder((*ast.CallExpr)(nil)) {
		call := c.Node().(*ast.CallExpr)

		var key ast.Expr

		switch {
		case p.calls(call, "context.WithValue") && len(call.Args) == 3:
			key = call.Args[1]
		case p.calls(call, "(context.Context).Value") && len(call.Args) == 1:
			key = call.Args[0]
		default:
			continue
		}

		if !p.basic(key, types.IsString) {
			p.report(key, "a context key of type %s", p.typeOf(key))
		}
	}

	for _, keys := range p.looseKeys() {
		for _, key := range keys {
			t := p.typeOf(key)
			if p.ourConcrete(t) == nil {
				continue
			}

			for _, other := range keys {
				if u := p.typeOf(other); !types.Identical(t, u) && types.Identical(t.Underlying(), u.Underlying()) {
					p.report(key, "keys of the types %s and %s in one map", t, u)
					break
				}
			}
		}
	}
}

// looseMaps are the methods of sync.Map whose first argument is a key.
var looseMaps = []string{
	"(*sync.Map).Load", "(*sync.Map).Store", "(*sync.Map).LoadOrStore", "(*sync.Map).LoadAndDelete", "(*sync.Map).Delete",
}

// looseKeys are the keys that come to each map with keys of any type. One type
// of keys alone is right in such a map.
func (p *pass) looseKeys() map[types.Object][]ast.Expr {
	found := map[types.Object][]ast.Expr{}

	add := func(container, key ast.Expr) {
		if sel, ok := ast.Unparen(container).(*ast.SelectorExpr); ok {
			container = sel.Sel
		}

		if v := p.variable(container); v != nil {
			found[v] = append(found[v], key)
		}
	}

	loose := func(e ast.Expr) bool {
		t := p.typeOf(e)
		if t == nil {
			return false
		}

		m, ok := t.Underlying().(*types.Map)

		return ok && iface(m.Key()) != nil && iface(m.Key()).Empty()
	}

	for c := range p.root.Preorder((*ast.IndexExpr)(nil), (*ast.CallExpr)(nil), (*ast.CompositeLit)(nil)) {
		switch n := c.Node().(type) {
		case *ast.IndexExpr:
			if loose(n.X) {
				add(n.X, n.Index)
			}
		case *ast.CallExpr:
			sel, ok := ast.Unparen(n.Fun).(*ast.SelectorExpr)
			if ok && p.calls(n, looseMaps...) && len(n.Args) > 0 {
				add(sel.X, n.Args[0])
			}
		case *ast.CompositeLit:
			name := p.nameOf(c)
			if name == nil || !loose(n) {
				continue
			}

			for _, e := range n.Elts {
				if pair, ok := e.(*ast.KeyValueExpr); ok {
					add(name, pair.Key)
				}
			}
		}
	}

	return found
}

// nameOf is the place that the value at c is assigned to, or nil.
func (p *pass) nameOf(c inspector.Cursor) ast.Expr {
	kind, i := c.ParentEdge()

	switch n := c.Parent().Node().(type) {
	case *ast.AssignStmt:
		if kind == edge.AssignStmt_Rhs && len(n.Lhs) == len(n.Rhs) {
			return n.Lhs[i]
		}
	case *ast.ValueSpec:
		if kind == edge.ValueSpec_Values && len(n.Names) == len(n.Values) {
			return n.Names[i]
		}
	}

	return nil
}

// printing are the functions of fmt and log that print what they get. The
// number is the index of the first argument that they print or, with a format,
// of the format.
var printing = map[string]struct {
	first  int
	format bool
}{
	"fmt.Print": {0, false}, "fmt.Println": {0, false}, "fmt.Printf": {0, true},
	"fmt.Sprint": {0, false}, "fmt.Sprintln": {0, false}, "fmt.Sprintf": {0, true},
	"fmt.Fprint": {1, false}, "fmt.Fprintln": {1, false}, "fmt.Fprintf": {1, true},
	"fmt.Append": {1, false}, "fmt.Appendln": {1, false}, "fmt.Appendf": {1, true},
	"fmt.Errorf": {0, true},
	"log.Print":  {0, false}, "log.Println": {0, false}, "log.Printf": {0, true},
	"log.Fatal": {0, false}, "log.Fatalln": {0, false}, "log.Fatalf": {0, true},
	"log.Panic": {0, false}, "log.Panicln": {0, false}, "log.Panicf": {0, true},
	"(*log.Logger).Print": {0, false}, "(*log.Logger).Println": {0, false}, "(*log.Logger).Printf": {0, true},
}

// speaks says whether a value of type t tells fmt how to print it.
func (p *pass) speaks(t types.Type) bool {
	named := p.ourConcrete(t)
	if named == nil {
		return false
	}

	methods := types.NewMethodSet(t)

	return methods.Lookup(named.Obj().Pkg(), "String") != nil || methods.Lookup(named.Obj().Pkg(), "Error") != nil
}

// printed yields the arguments that a call prints.
func (p *pass) printed(call *ast.CallExpr) []ast.Expr {
	f := p.callee(call)
	if f == nil {
		return nil
	}

	how, ok := printing[f.FullName()]
	if !ok || call.Ellipsis.IsValid() {
		return nil
	}

	first := how.first
	if how.format {
		first++
	}

	if first > len(call.Args) {
		return nil
	}

	return call.Args[first:]
}

func checkStringerNested(p *pass) {
	for c := range p.root.Preorder((*ast.CallExpr)(nil)) {
		for _, a := range p.printed(c.Node().(*ast.CallExpr)) {
			t := p.typeOf(a)
			if t == nil || p.speaks(t) {
				continue
			}

			if inner := p.speaksInside(t, map[types.Type]bool{}); inner != nil {
				p.report(a, "a %s inside a %s for fmt", inner, t)
			}
		}
	}
}

// speaksInside is the type inside t that tells fmt how to print it.
func (p *pass) speaksInside(t types.Type, seen map[types.Type]bool) types.Type {
	if seen[t] {
		return nil
	}

	seen[t] = true

	var inner []types.Type

	switch u := t.Underlying().(type) {
	case *types.Slice:
		inner = append(inner, u.Elem())
	case *types.Array:
		inner = append(inner, u.Elem())
	case *types.Map:
		inner = append(inner, u.Key(), u.Elem())
	case *types.Struct:
		if named, ok := types.Unalias(t).(*types.Named); ok && !p.interpreted(named.Obj().Pkg()) {
			return nil
		}

		for i := range u.NumFields() {
			if u.Field(i).Exported() { // of others fmt calls no methods
				inner = append(inner, u.Field(i).Type())
			}
		}
	}

	for _, i := range inner {
		if p.speaks(i) {
			return i
		}

		if found := p.speaksInside(i, seen); found != nil {
			return found
		}
	}

	return nil
}

func checkStringerVerb(p *pass) {
	for c := range p.root.Preorder((*ast.CallExpr)(nil)) {
		call := c.Node().(*ast.CallExpr)

		f := p.callee(call)
		if f == nil {
			continue
		}

		if p.interpreted(f.Pkg()) {
			p.checkPassedOn(call, f)
			continue
		}

		for _, a := range p.printed(call) {
			verb := p.showsWrapper(call, a)
			if verb == "" {
				continue
			}

			for _, e := range p.behind(c, a) {
				if p.speaks(p.typeOf(e)) {
					p.report(a, "a %s with a method for fmt %s", p.typeOf(e), verb)
				}
			}
		}
	}
}

// showsWrapper says how a call prints an argument, if it is in a way that shows
// the interpreter's wrapper. Package log does so whatever the verb.
func (p *pass) showsWrapper(call *ast.CallExpr, arg ast.Expr) string {
	f := p.callee(call)
	if f == nil {
		return ""
	}

	how, ok := printing[f.FullName()]
	if !ok {
		return ""
	}

	if f.Pkg().Path() == "log" && slices.Contains(p.printed(call), arg) {
		return "in package log"
	}

	if !how.format || how.first >= len(call.Args) {
		return ""
	}

	format := p.TypesInfo.Types[call.Args[how.first]].Value
	if format == nil || format.Kind() != constant.String {
		return ""
	}

	args := p.printed(call)

	for i, verb := range verbs(constant.StringVal(format)) {
		if i >= len(args) || args[i] != arg {
			continue
		}

		switch verb {
		case "%s", "%v", "%q", "%x", "%X", "%w", "":
		default:
			return "under " + verb
		}
	}

	return ""
}

// behind is an expression, or what is put into the local variable of an
// interface type that it names.
func (p *pass) behind(at inspector.Cursor, e ast.Expr) []ast.Expr {
	list := []ast.Expr{e}

	v := p.variable(e)
	if v == nil || v.IsField() || packageLevel(v) || iface(v.Type()) == nil {
		return list
	}

	for id := range p.uses(p.scope(at), v) {
		kind, i := id.ParentEdge()

		switch n := id.Parent().Node().(type) {
		case *ast.AssignStmt:
			if kind == edge.AssignStmt_Lhs && len(n.Lhs) == len(n.Rhs) {
				list = append(list, n.Rhs[i])
			}
		case *ast.ValueSpec:
			if kind == edge.ValueSpec_Names && len(n.Names) == len(n.Values) {
				list = append(list, n.Values[i])
			}
		}
	}

	return list
}

// checkPassedOn looks for values that a function of ours may give to fmt.
func (p *pass) checkPassedOn(call *ast.CallExpr, f *types.Func) {
	sig := f.Signature()

	for i, a := range call.Args {
		if p.does(f).param(i)&fatePrinted != 0 && p.speaks(p.typeOf(a)) {
			p.report(a, "a %s with a method for fmt passed on", p.typeOf(a))
		}
	}

	if !sig.Variadic() || call.Ellipsis.IsValid() {
		return
	}

	last := sig.Params().Len() - 1

	slice, ok := sig.Params().At(last).Type().(*types.Slice)
	if !ok {
		return
	}

	if i := iface(slice.Elem()); i == nil || i.NumMethods() > 0 {
		return
	}

	for i := last; i < len(call.Args); i++ {
		if p.speaks(p.typeOf(call.Args[i])) {
			p.report(call.Args[i], "a %s with a method for fmt passed on", p.typeOf(call.Args[i]))
		}
	}
}

// verbs gives for each argument the verb that prints it, "" for a width.
func verbs(format string) []string {
	var list []string

	for i := 0; i < len(format); i++ {
		if format[i] != '%' {
			continue
		}

		verb := "%"

		for i++; i < len(format); i++ {
			b := format[i]

			switch {
			case b == '*':
				list = append(list, "")
				continue
			case b >= '0' && b <= '9' || b == '.' || b == '-' || b == ' ':
				continue
			case b == '#' || b == '+':
				verb += string(b)
				continue
			case b == '[':
				return list // rare enough to leave to the reader
			}

			break
		}

		if i < len(format) && format[i] != '%' {
			list = append(list, verb+string(format[i]))
		}
	}

	return list
}

func checkLogger(p *pass) {
	for c := range p.root.Preorder((*ast.CallExpr)(nil)) {
		if !p.calls(c.Node().(*ast.CallExpr), "log.New") {
			continue
		}

		kind, i := c.ParentEdge()
		good := false

		if n, ok := c.Parent().Node().(*ast.AssignStmt); ok && kind == edge.AssignStmt_Rhs {
			v := p.variable(n.Lhs[i])
			good = v != nil && !packageLevel(v) && n.Tok.String() == ":=" && p.onlyMethods(c, v)
		}

		if n, ok := c.Parent().Node().(*ast.ValueSpec); ok && n.Type == nil {
			v := p.variable(n.Names[i])
			good = v != nil && !packageLevel(v) && p.onlyMethods(c, v)
		}

		if !good {
			p.report(c.Node(), "log.New put somewhere")
		}
	}
}

// onlyMethods says whether a variable is used for nothing but its methods.
func (p *pass) onlyMethods(at inspector.Cursor, v *types.Var) bool {
	for id := range p.uses(p.scope(at), v) {
		switch kind, _ := id.ParentEdge(); kind {
		case edge.SelectorExpr_X, edge.AssignStmt_Lhs, edge.ValueSpec_Names:
		default:
			return false
		}
	}

	return true
}
