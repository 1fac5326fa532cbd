package rules

import "golang.org/x/tools/go/analysis"

// Table lists every rule.
var Table = []Rule{
	// Concurrency (goroutines.go).
	{
		Name:    "selectstmt",
		Trap:    "all goroutines that run one select share its cases, so they send and receive each other's values",
		Instead: "a mutex, plain sends and receives, and a timer that sends",
		check:   checkSelect,
	},
	{
		Name:    "gocompiled",
		Trap:    "the arguments of a compiled function are read when the goroutine gets to run",
		Instead: "a function of your own that makes the call, and `go` on that",
		check:   checkGoCompiled,
	},
	{
		Name:    "goresults",
		Trap:    "the results of the goroutine are written into the frame of the function that started it",
		Instead: "a function without results",
		check:   checkGoResults,
	},
	{
		Name:    "gorecover",
		Trap:    "a panic in a goroutine ends the whole Traefik process",
		Instead: "`defer func() { … recover() … }()` first in the function that runs there",
		check:   checkGoRecover,
		facts:   []analysis.Fact{new(recovers)},
	},
	{
		Name:    "setenv",
		Trap:    "the interpreter keeps the environment in a map without a lock",
		Instead: "nothing to the environment, and read it once, in New",
		check:   checkSetenv,
	},
	{
		Name:    "mutexvalue",
		Trap:    "a call of a pointer method copies the whole struct first, without its lock",
		Instead: "a pointer to the struct",
		check:   checkMutexValue,
	},
	{
		Name:    "coldstart",
		Trap:    "the first run of each path fills caches of types without a lock, so many at once race",
		Instead: "a sync.Once in New that runs every path once on fakes",
		check:   checkColdStart,
	},

	// Loops (loops.go).
	{
		Name:    "loopliteral",
		Trap:    "a function literal made in a loop may run with another round's variables, or be nil",
		Instead: "a helper function that contains the literal, and call it",
		check:   checkLoopLiteral,
	},
	{
		Name:    "loopmethod",
		Trap:    "a method value looks its receiver up when it is called, so it may be another round's",
		Instead: "a method that contains the `go` or the literal, and call it",
		check:   checkLoopMethod,
	},
	{
		Name:    "loopvar",
		Trap:    "a loop has one variable for all rounds, and it is kept here, so all become the last",
		Instead: "a helper function for the loop's body",
		check:   checkLoopVar,
	},
	{
		Name:    "loopiface",
		Trap:    "an interface made of a concrete value in a loop shares one place with those of the other rounds, so all become the last",
		Instead: "a helper function for the loop's body",
		check:   checkLoopIface,
	},
	{
		Name:    "ifacealias",
		Trap:    "an interface made of a variable changes with the variable",
		Instead: "a fresh variable instead of the second assignment",
		check:   checkIfaceAlias,
	},
	{
		Name:    "stringrange",
		Trap:    "the index counts runes, not bytes",
		Instead: "utf8.DecodeRuneInString, or a loop over []rune",
		check:   checkStringRange,
	},
	{
		Name:    "rangeassign",
		Trap:    "the variables outside the loop are not set",
		Instead: "`:=`, and assign in the body",
		check:   checkRangeAssign,
	},

	// Defers (defers.go).
	{
		Name:    "deferclosure",
		Trap:    "a closure of the same function that is called in its defer waits for ever for a lock",
		Instead: "the code itself in `defer func() {…}()`",
		check:   checkDeferClosure,
	},
	{
		Name:    "deferframe",
		Trap:    "the frame is locked while its defers run, and a literal of it locks it when it returns, so it waits for ever",
		Instead: "the literal in another function, or the call before the return",
		check:   checkDeferFrame,
		facts:   []analysis.Fact{new(callsBack)},
	},
	{
		Name:    "deferwait",
		Trap:    "the frame is locked while its defers run, so a goroutine that it waits for may never get on",
		Instead: "the wait before the return",
		check:   checkDeferWait,
	},
	{
		Name:    "deferpanic",
		Trap:    "a panic in a deferred function skips the defers that are left, and mutexes stay locked",
		Instead: "deferred code that cannot panic",
		check:   checkDeferPanic,
	},
	{
		Name:    "deferargs",
		Trap:    "the arguments are read when the defer runs",
		Instead: "a deferred literal without arguments, on variables that do not change",
		check:   checkDeferArgs,
	},
	{
		Name:    "recovered",
		Trap:    "what recover gave is a wrapper of the interpreter's",
		Instead: "fmt.Sprint(r); only the comparison with nil is right",
		check:   checkRecovered,
	},

	// Results (results.go).
	{
		Name:    "namedresults",
		Trap:    "named results keep the values of the last call at that place, and are overwritten one by one",
		Instead: "unnamed results; for a deferred recover a variable or struct that the caller made",
		check:   checkNamedResults,
	},
	{
		Name:    "returnbuiltin",
		Trap:    "a builtin in second or later place writes the first result",
		Instead: "the value into a variable, and return that",
		check:   checkReturnBuiltin,
	},
	{
		Name:    "returnfield",
		Trap:    "the result of a function from a field is lost when the return has several",
		Instead: "the value into a variable, and return that",
		check:   checkReturnField,
	},
	{
		Name:    "returniface",
		Trap:    "the interpreter mixes up the types of the results",
		Instead: "the value into a variable, and return that",
		check:   checkReturnIface,
	},
	{
		Name:    "returnany",
		Trap:    "the value of an operator as an interface becomes nil or panics",
		Instead: "the value into a variable, and return that",
		check:   checkReturnAny,
	},
	{
		Name:    "funcvalue",
		Trap:    "a package level function as a result or as an element panics",
		Instead: "a literal that calls it, or the row of a table",
		check:   checkFuncValue,
	},

	// Assignments (assign.go).
	{
		Name:    "commaok",
		Trap:    "where ok is false, the value is the last one and not zero",
		Instead: "a return or continue on !ok before the value is used, or set it there",
		check:   checkCommaOK,
	},
	{
		Name:    "receive",
		Trap:    "a received value cannot be set, and reaches plain local variables only",
		Instead: "`v := <-c` alone, and a copy of v made by a call",
		check:   checkReceive,
	},
	{
		Name:    "structassign",
		Trap:    "a struct literal assigned to a variable that is shared makes a new one, and the others keep the old",
		Instead: "the fields one by one, or a fresh variable",
		check:   checkStructAssign,
	},
	{
		Name:    "tuple",
		Trap:    "beside a composite literal, or a call after =, the other values are dropped, and nil panics",
		Instead: "one assignment a line",
		check:   checkTuple,
	},
	{
		Name:    "ifaceliteral",
		Trap:    "a struct literal put into a place of an interface type of ours panics",
		Instead: "`&T{…}` with pointer methods, or put it inside the outer literal",
		check:   checkIfaceLiteral,
	},

	// Constants (constants.go).
	{
		Name:    "constbool",
		Trap:    "a constant comparison is false",
		Instead: "a var, or the value itself",
		check:   checkConstBool,
	},
	{
		Name:    "constfloat",
		Trap:    "the division of untyped integer constants gives a fraction",
		Instead: "typed constants, or the number",
		check:   checkConstFloat,
	},
	{
		Name:    "constdiv",
		Trap:    "an uneven division of integer constants may count as 0",
		Instead: "the number, or a var of its own",
		check:   checkConstDiv,
	},
	{
		Name:    "constcompare",
		Trap:    "a typed constant whose value is an expression is equal to no variable and no key",
		Instead: "`= iota` that begins with a None, or literals; `switch v {case C:}` and < are right",
		check:   checkConstCompare,
		facts:   []analysis.Fact{new(byExpression)},
	},

	// Switches (switches.go).
	{
		Name:    "caselist",
		Trap:    "in a switch without a tag only the first condition of a case is looked at",
		Instead: "`case a || b:`",
		check:   checkCaseList,
	},
	{
		Name:    "defaultlast",
		Trap:    "a default that is not the last clause changes places with it before anything runs",
		Instead: "the default last",
		check:   checkDefaultLast,
	},
	{
		Name:    "switchtag",
		Trap:    "a computed tag behind an init statement never matches, and one of an interface type panics",
		Instead: "the tag into a variable before the switch, or `if`",
		check:   checkSwitchTag,
	},

	// Conditions (conditions.go).
	{
		Name:    "condstart",
		Trap:    "the interpreter takes it for a condition of its own, and panics, or ends the function there",
		Instead: "the left side into a variable before",
		check:   checkConditionStart,
	},
	{
		Name:    "condbranch",
		Trap:    "the interpreter does not branch on it, so it always holds, && always runs its right side and || never does",
		Instead: "it into a variable before",
		check:   checkConditionBranch,
		facts:   []analysis.Fact{new(computed)},
	},

	// The nil of the language (nils.go).
	{
		Name:    "untypednil",
		Trap:    "the interpreter has one nil for all types, and takes it for an empty interface here",
		Instead: "a variable of the type, which nothing sets, or `== nil`",
		check:   checkUntypedNil,
	},

	// Interfaces and errors (interfaces.go).
	{
		Name:    "ownerror",
		Trap:    "error types of ours are not found by errors.As, errors.Is, ==, %w or type switches",
		Instead: "sentinels of errors.New wrapped by fmt.Errorf(\"%w\"), and a kind in a struct beside the error",
		check:   checkOwnError,
	},
	{
		Name:    "ifaceassert",
		Trap:    "the interpreter does not see methods behind an empty interface, and misses or panics",
		Instead: "concrete types, or a field that says which it is",
		check:   checkIfaceAssert,
	},
	{
		Name:    "typename",
		Trap:    "behind an interface a type of ours has no name, only its parts, so another with the same parts is taken for it",
		Instead: "a field that says which it is, or a method of an interface of yours",
		check:   checkTypeName,
	},
	{
		Name:    "ifacecompare",
		Trap:    "== of two interface values that hold structs of ours is false or panics",
		Instead: "a comparison of fields",
		check:   checkIfaceCompare,
	},
	{
		Name:    "promoted",
		Trap:    "a method promoted from an embedded interface of ours panics",
		Instead: "the call through the field's name, or a named field",
		check:   checkPromoted,
	},
	{
		Name:    "methodexpr",
		Trap:    "method expressions panic",
		Instead: "a function literal that calls the method",
		check:   checkMethodExpr,
	},

	// Compiled code that gets values of ours (compiled.go).
	{
		Name:    "compiledarg",
		Trap:    "compiled code gets the bare struct, without its methods, and panics",
		Instead: "first `var x I = …` of the interface's type, and pass that",
		check:   checkCompiledArg,
	},
	{
		Name:    "jsonstruct",
		Trap:    "encoding/json sees neither embedding nor privacy nor methods of interpreted types",
		Instead: "flat structs with exported fields only, and no methods for encoding/json",
		check:   checkJSON,
	},
	{
		Name:    "respwriter",
		Trap:    "of our ResponseWriter the next handler sees Header, Write and WriteHeader only",
		Instead: "a pointer to it, without further methods, for watched requests only",
		check:   checkResponseWriter,
	},
	{
		Name:    "ctxkey",
		Trap:    "keys of distinct types are equal",
		Instead: "a string constant with the package's name in it",
		check:   checkContextKey,
	},
	{
		Name:    "stringernested",
		Trap:    "fmt does not see the String method of what is inside a slice, map or struct",
		Instead: "each formatted by itself",
		check:   checkStringerNested,
	},
	{
		Name:    "stringerverb",
		Trap:    "fmt shows the interpreter's wrapper",
		Instead: "a conversion to the plain type, or its String() for package log; %s and %v of fmt are right",
		check:   checkStringerVerb,
	},
	{
		Name:    "logger",
		Trap:    "log.New gives another type than *log.Logger, and the package does not load",
		Instead: "no field or variable of that type",
		check:   checkLogger,
	},

	// Package variables (packagevars.go).
	{
		Name:    "vartuple",
		Trap:    "two package variables set by one call are not set, and read from the reader's own frame",
		Instead: "one variable a call, or init()",
		check:   checkVarTuple,
	},
	{
		Name:    "varorder",
		Trap:    "what is declared further down, or in a later file, is not set yet",
		Instead: "the declarations from top to bottom, or init()",
		check:   checkVarOrder,
	},
	{
		Name:    "foreignvar",
		Trap:    "another package's variable that began as a literal never changes, and assignments to one are lost",
		Instead: "a getter, a setter or a constructor in that package",
		check:   checkForeignVar,
		facts:   []analysis.Fact{new(changing)},
	},

	// What does not load, or panics wherever it runs (loading.go).
	{
		Name:    "missing",
		Trap:    "the interpreter has no such package or name, and the plugin does not load",
		Instead: "your own few lines, or an older function of the standard library",
		check:   checkMissing,
	},
	{
		Name:    "rangeover",
		Trap:    "the interpreter knows no range over an integer or a function",
		Instead: "`for i := 0; i < n; i++`",
		check:   checkRangeOver,
	},
	{
		Name:    "generics",
		Trap:    "generic functions with two type parameters or variadic ones do not load",
		Instead: "[]T, or a function for each type",
		check:   checkGenerics,
	},
	{
		Name:    "caselabel",
		Trap:    "a label inside a case clause is not found, and the package does not load",
		Instead: "a function for the loop, or a label at the function's level",
		check:   checkCaseLabel,
	},
	{
		Name:    "unnamed",
		Trap:    "parameters without a name are mixed up",
		Instead: "a name; _ will do",
		check:   checkUnnamed,
	},
	{
		Name:    "variadicfield",
		Trap:    "a variadic function in a struct field does not load when it gets two or more",
		Instead: "a method, or f(x, list...)",
		check:   checkVariadicField,
	},
	{
		Name:    "recursivetype",
		Trap:    "a type that is part of itself by way of a function, an unnamed struct or no struct at all stays unfinished, and panics or does not load",
		Instead: "a method, an interface, or a named struct in between",
		check:   checkRecursiveType,
	},
	{
		Name:    "funcmethod",
		Trap:    "a method of a function type is not found through a struct's field, and the package does not load",
		Instead: "a function that takes the function, or a field of an interface type",
		check:   checkFuncMethod,
	},
	{
		Name:    "compiledmethod",
		Trap:    "a method of a compiled type as a value keeps its receiver as first parameter where the pointer comes from code of ours, and the package does not load",
		Instead: "a function literal that calls the method",
		check:   checkCompiledMethod,
	},
}
