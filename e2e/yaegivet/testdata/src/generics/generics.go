package generics

func bad[K comparable, V any](m map[K]V) int { return len(m) } // want `bad has 2 type parameters`

func bad2[T any](list ...T) int { return len(list) } // want `bad2 is generic and variadic`

func good[T any](list []T) int { return len(list) }

func good2(list ...int) int { return len(list) }
