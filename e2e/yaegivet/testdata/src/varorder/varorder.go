package varorder

var total = count() // want `list, which this value needs, is declared below`

var byMethod = (&box{}).count() // want `list, which this value needs, is declared below`

var byLiteral = func() int { return count() }() // want `list, which this value needs, is declared below`

var large = limit > 3 // want `limit, which this value needs, is declared below`

var later = fromFile() // want `inFile, which this value needs, is declared below`

var direct = len(list)

var argument = take(limit)

var table = []row{{"count", count}}

var kept = func() int { return len(list) }

var inside = usesConst()

var earlier = first + one()

const limit = 5

var list = []int{1}

var first = 1

var unset int

var readsUnset = take(unset)

var right = count()

var alsoRight = usesUnset()

func usesUnset() int { return laterUnset }

var laterUnset int

type row struct {
	name string
	f    func() int
}

type box struct{}

func (b *box) count() int { return len(list) }
func count() int          { return len(list) }
func take(n int) int      { return n }
func one() int            { return 1 }
func usesConst() int      { return limit * 2 }
func fromFile() int       { return inFile }

func init() { total = count() }
