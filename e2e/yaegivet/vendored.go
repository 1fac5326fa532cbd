package main

import "golang.org/x/tools/go/packages"

// vendoredException allows one rule in some declarations of a vendored package.
type vendoredException struct {
	pkg       string
	version   string // of the module
	rule      string
	reason    string
	functions []string
}

// vendored lists the places in other people's packages that break a rule and
// are right all the same. That they are is not only argued here: the tests in
// e2e/gjson compare the interpreted package with the compiled one.
var vendored = []vendoredException{
	{
		pkg: "github.com/tidwall/gjson", version: "v1.18.0", rule: "namedresults",
		reason: "every return states or has set all results, and none is read before it is set",
		functions: []string{
			"tonum", "tolit", "tostr", "safeInt",
			"validpayload", "validany", "validobject", "validcolon", "validcomma", "validarray",
			"validstring", "validnumber", "validtrue", "validfalse", "validnull",
		},
	},
	{
		pkg: "github.com/tidwall/gjson", version: "v1.18.0", rule: "namedresults",
		reason: "a result may be read before it is set, but no caller calls it twice from one place in the same frame, so it is zero",
		functions: []string{
			"Result.arrayOrMap", "parseArrayPath", "parseObjectPath", "parseQuery", "parseUint", "parseInt",
			"splitPossiblePipe", "parseSubSelectors", "execStatic", "execModifier",
		},
	},
	{
		pkg: "github.com/tidwall/gjson", version: "v1.18.0", rule: "defaultlast",
		reason: "the switch has a tag and distinct constants as cases, and no fallthrough leads to the default or the last clause",
		functions: []string{
			"Type.String", "Result.String", "Result.Bool", "Result.Int", "Result.Uint", "Result.Float",
			"Result.arrayOrMap", "Result.Value", "parseObject", "parseArray",
			"validpayload", "validany", "validobject", "validcolon", "validcomma", "validarray", "validstring",
		},
	},
	{
		pkg: "github.com/tidwall/gjson", version: "v1.18.0", rule: "defaultlast",
		reason:    "the two conditions exclude each other, so their order does not matter; the inner switch has a tag",
		functions: []string{"unescape"},
	},
	{
		pkg: "github.com/tidwall/match", version: "v1.1.1", rule: "namedresults",
		reason:    "every return states both results, and neither is read",
		functions: []string{"MatchLimit", "Allowable"},
	},
}

// vendoredPlace is one declaration of an exception.
type vendoredPlace struct {
	pkg, rule, function string
	used                bool
}

// vendoredFor are the exceptions for the packages that were loaded.
func vendoredFor(loaded []*packages.Package, list []vendoredException) []*vendoredPlace {
	var places []*vendoredPlace

	for _, pkg := range loaded {
		for _, v := range list {
			if v.pkg != pkg.PkgPath || pkg.Module == nil || pkg.Module.Version != v.version {
				continue
			}

			for _, function := range v.functions {
				places = append(places, &vendoredPlace{pkg: v.pkg, rule: v.rule, function: function})
			}
		}
	}

	return places
}

func excepted(places []*vendoredPlace, f *finding) bool {
	for _, v := range places {
		if v.pkg == f.pkg.PkgPath && v.rule == f.rule && v.function == f.function {
			v.used = true
			return true
		}
	}

	return false
}
