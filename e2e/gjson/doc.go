// Package gjson shows that the gjson in vendor/, which is patched so that
// Yaegi can interpret it, is still gjson: by gjson's own tests, beside the
// published package, beside encoding/json, and interpreted beside compiled.
package gjson
