package catalog

// Fine is something that looks like a trap and is none. A checker that refused
// it would be switched off.
type Fine struct {
	// ID is the folder of the row's program.
	ID string
	// What is right, in Markdown.
	What string
	// Result is what the program gives, compiled, interpreted alone, and
	// interpreted in eight goroutines.
	Result string
}

// Right lists what is right all the same.
var Right = []Fine{
	{ID: "literals", What: "function literals in a loop that are called at once, lent to a function that does not keep them, or kept in this goroutine with variables of the body only", Result: "b-c01a-b01xy[1 2 3]"},
	{ID: "defers", What: "`defer` of mu.Unlock, cancel, wg.Done, close(c)", Result: "true false"},
	{ID: "checkedok", What: "the v of a comma-ok where ok is true, and `v, ok := <-c`", Result: "3030-30301 true0 false"},
	{ID: "tables", What: "package tables of structs with functions, looked up and called", Result: "8"},
	{ID: "switches", What: "switches with a tag and lists, and type switches over JSON values", Result: "laterdone1,x,true,null,<nil>"},
	{ID: "errors", What: "sentinels through %w, errors.As to types of the standard library", Result: "true falseparsefalse"},
	{ID: "interfaces", What: "interfaces of our own with two implementations", Result: "cat xdog yx"},
	{ID: "threeresults", What: "`f(g())` with three results, unless g's return has a builtin in it", Result: "ab1"},
	{ID: "tuples", What: "several values at once without composite literals or nil", Result: "x1y221"},
	{ID: "nils", What: "`nil` as an argument, result, element, key of a literal, and in a comparison; `append(l, nil)` of interfaces, and `case nil:` of an error or `any`", Result: "truetruetrue1221nonenone"},
	{ID: "leftsides", What: "left of `||` and `&&`: literals without keys, or whose first value is worked out by an operator, a call or a selector; methods of variables and functions of packages that get literals; compiled structs; function literals; names in parentheses as the whole left side; and any literal on the right", Result: "11;6;8;6;"},
	{ID: "conditions", What: "a type assertion or conversion behind `!`, on the right of `||` and `&&`, or in parentheses as an operand or a case; constants in `if` and `for`", Result: "abcd"},
	{ID: "constants", What: "`==` with untyped constants of an expression, and a constant below as an argument", Result: "true true 65536 65537"},
	{ID: "plainreceives", What: "`v = <-c` on a plain local variable, a receive as an argument, and a change after `v, ok := <-c`", Result: "abc!d?true"},
	{ID: "recovering", What: "recover in a named function that is deferred itself", Result: "ab"},
	{ID: "framedefers", What: "literals of a function with defers that do not reach them, and defers that call literals of other functions", Result: "a,sorted,before,given,noted,end,outer,i,j"},
	{ID: "recursion", What: "structs that contain themselves by pointers, slices, maps and interfaces, and by functions of another struct", Result: "xx"},
	{ID: "methodvalues", What: "method values of compiled types whose pointer comes from compiled code, and of variables that are no pointers", Result: "true,x,v,404"},
}
