package readme

import (
	"bytes"
	_ "embed"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"text/template"

	"golang.org/x/tools/go/packages"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/tools"
)

// The picture of the packages is drawn from what they import. Only the places,
// the words and the steps of an event's way stand here.

var redraw = flag.Bool("write", false, "draw docs/structure.svg anew")

//go:embed testdata/structure.svg.tmpl
var structureTemplate string

const (
	top    = "signupwebhook" // the root package
	pitch  = 190             // from one package of a row to the next
	margin = 40
	broad  = 150 // of a package
	high   = 64
)

// box is a rectangle with lines of text, the first of which is its name.
type box struct {
	Class      string
	Lines      []string
	X, Y, W, H int
	Steps      []int // of an event's way that are made in it
}

func (b *box) Middle() int { return b.X + b.W/2 }

// Line is where the text's line i stands, all lines together in the middle.
func (b *box) Line(i int) int { return b.Y + b.H/2 + 5 + 16*i - 8*(len(b.Lines)-1) }

func (b *box) Badge(i int) int { return b.X + 2 + 20*i }

// place puts a package into a row, at a column that may be half.
func place(column float64, y int, lines ...string) *box {
	return &box{Class: "package", Lines: lines, X: int(column*pitch) - 60 - broad/2, Y: y, W: broad, H: high}
}

func (b *box) with(class string, steps ...int) *box {
	b.Class, b.Steps = class, steps
	return b
}

const (
	rowOutside = 24
	rowTop     = 118
	rowOne     = 346
	rowTwo     = 498
	rowThree   = 650
	rowLegend  = 756
)

// layout are the packages, by name. In the second row they stand in the gaps of
// the first one, so that the top package's arrows pass between.
func layout() map[string]*box {
	all := []*box{
		{Class: "root", Lines: []string{top}, X: margin, Y: rowTop, W: 1035, H: 152},
		place(1, rowOne, "exchange", "passes on; keeps what", "an event is made of").with("package", 3),
		place(2, rowOne, "seen", "who was seen before,", "in files").with("package", 5),
		place(3, rowOne, "schedule", "which notice is tried", "when").with("package", 7),
		place(4, rowOne, "sender", "the request", "of a notice").with("package", 8),
		place(5, rowOne, "config", "every option checked,", "secret files read"),
		place(1.5, rowTwo, "tally", "counts what is refused"),
		place(2.5, rowTwo, "outbox", "the notices that wait,", "one file each").with("package", 6),
		place(3.5, rowTwo, "delivery", "one try, and what", "its answer means").with("package", 9),
		place(4.5, rowTwo, "receiver", "one table of receivers,", "a body for each").with("package", 8),
		place(5.5, rowTwo, "openwebui", "which requests,", "and whose account").with("package", 2, 4),
		place(5, rowThree, "message", "placeholders; what is", "typed made harmless").with("package", 4, 8),
	}

	out := map[string]*box{}
	for _, one := range all {
		out[one.Lines[0]] = one
	}

	return out
}

// files are those of the top package: in the first row those of an event's way,
// in its order, and below each what goes with it.
var files = []struct {
	row, column int
	name, does  string
	steps       []int
}{
	{0, 0, "plugin.go", "what Traefik knows", []int{1}},
	{0, 1, "firstseen.go", "the event first-seen", []int{5}},
	{0, 2, "notifier.go", "an event, then a notice", []int{6}},
	{0, 3, "spool.go", "the files of the notices", []int{6}},
	{0, 4, "worker.go", "tries what waits", []int{7}},
	{0, 5, "log.go", "what is said, to whom", []int{10}},
	{1, 0, "rehearse.go", "every path, on fakes", nil},
	{1, 2, "registry.go", "notifiers, over reloads", nil},
	{1, 3, "scan.go", "notices others left", nil},
	{1, 4, "secrets.go", "files that a try needs", nil},
	{1, 5, "outage.go", "failures, counted", []int{10}},
}

var steps = []string{
	"A request comes in.",
	"Can it make an account, or show one? Any other passes untouched.",
	"It goes on to Open WebUI; request and answer are kept, within bounds.",
	"An event is made of them: name, e-mail, role, id, time.",
	"Only for first-seen: is the account new?",
	"The event is accepted, and stored where stateDir is set; then the answer goes on.",
	"The worker takes the notice that is due.",
	"Text and fields become the body that the receiver takes, and it is signed.",
	"One try; the answer is a verdict: delivered, later, hold or aside.",
	"Failures are summed up in the log, and the schedule goes on from there.",
}

type arrow struct {
	From, To       string
	X1, Y1, X2, Y2 int
	Both           bool
}

// between draws from one box to another below it, or beside it.
func between(from, to *box) (arrow, error) {
	out := arrow{From: from.Lines[0], To: to.Lines[0]}

	switch {
	case from.Class == "root":
		out.X1, out.Y1, out.X2, out.Y2 = to.Middle(), from.Y+from.H, to.Middle(), to.Y
	case from.Y == to.Y && from.X < to.X:
		out.X1, out.Y1, out.X2, out.Y2 = from.X+from.W, from.Y+from.H/2, to.X, to.Y+to.H/2
	case from.Y < to.Y:
		// Aside from the middle, where the top package's arrow ends.
		aside := 40 * min(1, max(-1, to.Middle()-from.Middle()))
		out.X1, out.Y1, out.X2, out.Y2 = from.Middle()+aside, from.Y+from.H, to.Middle()-aside, to.Y
	default:
		return out, fmt.Errorf("%s imports %s, which stands above it or to its left: give them other places", out.From, out.To)
	}

	return out, nil
}

// meets tells whether an arrow runs through a box, by going along it.
func (a *arrow) meets(b *box) bool {
	const parts = 200
	for i := range parts + 1 {
		x, y := a.X1+(a.X2-a.X1)*i/parts, a.Y1+(a.Y2-a.Y1)*i/parts
		if x > b.X && x < b.X+b.W && y > b.Y && y < b.Y+b.H {
			return true
		}
	}

	return false
}

type imports struct {
	Name    string
	Imports []string
}

// graph is what each package imports of the others, both by the last part of
// their paths, and the top package's files.
func graph(t *testing.T) ([]imports, []string) {
	t.Helper()

	loaded, err := packages.Load(&packages.Config{Mode: packages.NeedName | packages.NeedFiles | packages.NeedImports, Dir: root(t), Context: t.Context()}, ".", "./internal/...")
	if err != nil {
		t.Fatal(err)
	}

	name := func(path string) string { return strings.TrimPrefix(path, tools.Module+"/internal/") }

	var (
		out   []imports
		names []string
	)

	for _, one := range loaded {
		row := imports{Name: name(one.PkgPath)}

		if one.PkgPath == tools.Module {
			row.Name = top

			for _, file := range one.GoFiles {
				names = append(names, filepath.Base(file))
			}
		}

		for path := range one.Imports {
			if strings.HasPrefix(path, tools.Module+"/") {
				row.Imports = append(row.Imports, name(path))
			}
		}

		slices.Sort(row.Imports)
		out = append(out, row)
	}

	return out, names
}

// TestStructure draws the picture, and compares it with the one in docs/.
func TestStructure(t *testing.T) {
	all, inTop := graph(t)
	boxes := layout()

	var drawn, described []string

	for _, one := range all {
		drawn = append(drawn, one.Name)
	}

	for name := range boxes {
		described = append(described, name)
	}

	if got, want := sorted(described), sorted(drawn); !slices.Equal(got, want) {
		t.Fatalf("got: places for the packages %q, want: for %q", got, want)
	}

	var order []string
	for _, file := range files {
		order = append(order, file.name)
	}

	if got, want := sorted(order), sorted(inTop); !slices.Equal(got, want) {
		t.Fatalf("got: words for the files %q, want: for %q", got, want)
	}

	var arrows []arrow

	for _, one := range all {
		for _, to := range one.Imports {
			drawn, err := between(boxes[one.Name], boxes[to])
			if err != nil {
				t.Fatal(err)
			}

			for name, other := range boxes {
				if name != one.Name && name != to && drawn.meets(other) {
					t.Errorf("got: the arrow from %s to %s runs through %s, want: past it", one.Name, to, name)
				}
			}

			arrows = append(arrows, drawn)
		}
	}

	got := draw(t, all, arrows, boxes)
	path := filepath.Join(root(t), "docs", "structure.svg")

	if *redraw {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}

	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}

	if !bytes.Equal(got, want) {
		t.Errorf("got: docs/structure.svg is not what the packages import, want: it drawn anew: cd e2e && go test ./readme -run Structure -write")
	}
}

// draw adds what is no package: the top package's files, what is outside, and
// the words on an event's way.
func draw(t *testing.T, all []imports, arrows []arrow, byName map[string]*box) []byte {
	t.Helper()

	var boxes []*box
	for _, one := range all {
		boxes = append(boxes, byName[one.Name])
	}

	whole, out, sent := byName[top], byName["outbox"], byName["delivery"]

	// Its name goes above its files.
	whole.Lines = nil
	boxes = append(boxes, &box{Class: "root", Lines: []string{top + ": the top folder"}, X: whole.X, Y: whole.Y, W: whole.W, H: 32})

	for _, file := range files {
		const wide, tall = 157, 42

		boxes = append(boxes, &box{
			Class: "file", Lines: []string{file.name, file.does}, Steps: file.steps,
			X: whole.X + 14 + file.column*(wide+13), Y: whole.Y + 44 + file.row*(tall+14), W: wide, H: tall,
		})
	}

	outside := func(x, y int, lines ...string) *box {
		one := &box{Class: "outside", Lines: lines, X: x, Y: y, W: broad, H: 48}
		boxes = append(boxes, one)

		return one
	}
	browser := outside(margin+6, rowOutside, "browser", "through Traefik")
	app := outside(margin+300, rowOutside, "Open WebUI", "unmodified")
	folder := outside(out.X, rowThree+8, "stateDir", "new/ failed/ seen/")
	service := outside(sent.X, rowThree+8, "the receiver", "Slack, Discord, any URL")

	down := func(from, to *box, both bool) arrow {
		return arrow{X1: from.Middle(), Y1: from.Y + from.H + 3, X2: from.Middle(), Y2: to.Y - 3, Both: both}
	}

	type line struct {
		X, Y, Number int
		Text         string
	}

	var legend []line
	for i, text := range steps {
		legend = append(legend, line{X: margin + 14 + 500*(i/5), Y: rowLegend + 28*(i%5), Number: i + 1, Text: text})
	}

	var page bytes.Buffer

	funcs := template.FuncMap{"add": func(a, b int) int { return a + b }, "join": func(list []string) string { return strings.Join(list, ", ") }}

	err := template.Must(template.New("").Funcs(funcs).Parse(structureTemplate)).Execute(&page, map[string]any{
		"Width": 1115, "Height": rowLegend + 140,
		"Packages": all, "Arrows": arrows, "Boxes": boxes, "Legend": legend,
		"Way": []arrow{down(browser, whole, true), down(app, whole, true), down(out, folder, true), down(sent, service, false)},
	})
	if err != nil {
		t.Fatal(err)
	}

	return page.Bytes()
}
